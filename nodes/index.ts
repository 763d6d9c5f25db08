import type { NodeType } from '@kumiki/node-sdk';
import { chunkConversation } from './chunk/conversation.ts';
import { chunkRecursive } from './chunk/recursive.ts';
import { dataSetFromConversations } from './dataset/from-conversations.ts';
import { dataSetFromFile } from './dataset/from-file.ts';
import { maskPersonalData } from './dataset/mask-personal-data.ts';
import { splitDataSet } from './dataset/split.ts';
import { dataSetWithPassages } from './dataset/with-passages.ts';
import { embed } from './embed/embed.ts';
import { loraFineTune } from './finetune/lora.ts';
import { generateAnswer } from './generate/llm.ts';
import { pgvectorIndex } from './index/pgvector.ts';
import { input } from './input/input.ts';
import { loadConversations } from './load/conversations.ts';
import { loadFiles } from './load/files.ts';
import { loadParse } from './load/parse.ts';
import { loadPostgres } from './load/postgres.ts';
import { loadWeb } from './load/web.ts';
import { firstNode } from './logic/first.ts';
import { httpRequest } from './logic/http-request.ts';
import { ifNode } from './logic/if.ts';
import { mapNode } from './logic/map.ts';
import { subflow } from './logic/subflow.ts';
import { switchNode } from './logic/switch.ts';
import { chatModel } from './model/chat.ts';
import { embeddingModel } from './model/embedding.ts';
import { output } from './output/output.ts';
import { promptTemplate } from './prompt/template.ts';
import { denseSearch } from './retrieve/dense.ts';
import { hybridSearch } from './retrieve/hybrid.ts';
import { lexicalSearch } from './retrieve/lexical.ts';

export { DuplicateFinder } from './dataset/find-duplicates.ts';
export { readExchanges } from './dataset/read-exchanges.ts';
export { refuseTuned } from './finetune/training-advice.ts';
export { readLearning, renderDataSet } from './finetune/training-rows.ts';
export { readConversations } from './load/conversation-formats/read-conversations.ts';
export { readJsonRecords, readTableRecords } from './load/conversation-formats/records.ts';
export { readTranscript } from './load/read-transcript.ts';
export { findPrefixes } from './model/embedding-prefixes.ts';
export type { Citation } from './output/citations.ts';
export {
  chatModel,
  chunkConversation,
  chunkRecursive,
  dataSetFromConversations,
  dataSetFromFile,
  dataSetWithPassages,
  denseSearch,
  embed,
  embeddingModel,
  firstNode,
  generateAnswer,
  httpRequest,
  hybridSearch,
  ifNode,
  input,
  lexicalSearch,
  loadConversations,
  loadFiles,
  loadParse,
  loadPostgres,
  loadWeb,
  loraFineTune,
  mapNode,
  maskPersonalData,
  output,
  pgvectorIndex,
  promptTemplate,
  splitDataSet,
  subflow,
  switchNode,
};

/** Every node type that Kumiki comes with, in the order of the palette. */
export const nodeTypes: readonly NodeType[] = [
  input,
  loadFiles,
  loadConversations,
  loadWeb,
  loadPostgres,
  loadParse,
  chunkRecursive,
  chunkConversation,
  chatModel,
  embeddingModel,
  embed,
  pgvectorIndex,
  hybridSearch,
  denseSearch,
  lexicalSearch,
  promptTemplate,
  generateAnswer,
  maskPersonalData,
  dataSetFromConversations,
  dataSetFromFile,
  dataSetWithPassages,
  splitDataSet,
  loraFineTune,
  ifNode,
  switchNode,
  firstNode,
  subflow,
  mapNode,
  httpRequest,
  output,
];
