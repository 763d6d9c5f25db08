import type { FlowDocument, JsonValue } from '@kumiki/flow';
import { buildFlowDocument } from '@kumiki/testkit';

/** What comes in goes out: nothing to build, and no model. */
export function drawPassThrough(name = 'Pass through'): FlowDocument {
  return buildFlowDocument(name)
    .node('question', 'input', { name: 'question' })
    .node('output', 'output', { name: 'answer' })
    .wire('question.value', 'output.value')
    .build();
}

/** A chat that is told what was said before, and takes what is asked now as a text. */
export function drawChat(name = 'Chat', output = 'answer'): FlowDocument {
  return buildFlowDocument(name)
    .node('question', 'input', { name: 'question' })
    .node('history', 'input', { name: 'history', kind: 'messages' })
    .node('chat', 'model/chat', { model: 'fake-chat' })
    .node('prompt', 'prompt/template', { template: '{{question}}' })
    .node('answer', 'generate/llm')
    .node('output', 'output', { name: output })
    .wire('question.value', 'prompt.question')
    .wire('history.value', 'prompt.history')
    .wire('prompt.prompt', 'answer.prompt')
    .wire('chat.model', 'answer.model')
    .wire('answer.answer', 'output.value')
    .build();
}

/** An index of what a loader brings, which is the node `load`. */
export function drawIndex(loader: string, settings: Record<string, JsonValue>): FlowDocument {
  return buildFlowDocument('Index')
    .node('load', loader, settings)
    .node('model', 'model/embedding', { model: 'fake-embedding' })
    .node('chunk', 'chunk/recursive', { size: 100 })
    .node('embed', 'embed')
    .node('index', 'index/pgvector')
    .wire('load.documents', 'chunk.documents')
    .wire('model.model', 'chunk.model')
    .wire('chunk.chunks', 'embed.chunks')
    .wire('model.model', 'embed.model')
    .wire('embed.vectors', 'index.vectors')
    .wire('model.model', 'index.model')
    .build();
}

/** Questions about a collection, answered by the fake models. */
export function drawRag(collection: string): FlowDocument {
  return buildFlowDocument('RAG')
    .node('load', 'load/files', { collection })
    .node('embedder', 'model/embedding', { model: 'fake-embedding' })
    .node('chat', 'model/chat', { model: 'fake-chat' })
    .node('chunk', 'chunk/recursive', { size: 100 })
    .node('embed', 'embed')
    .node('index', 'index/pgvector')
    .node('question', 'input', { name: 'question' })
    .node('search', 'retrieve/hybrid', { limit: 3, minimumCosine: 0 })
    .node('prompt', 'prompt/template', { template: '{{passages}}\n{{question}}' })
    .node('answer', 'generate/llm')
    .node('output', 'output', { name: 'answer' })
    .wire('load.documents', 'chunk.documents')
    .wire('embedder.model', 'chunk.model')
    .wire('chunk.chunks', 'embed.chunks')
    .wire('embedder.model', 'embed.model')
    .wire('embed.vectors', 'index.vectors')
    .wire('embedder.model', 'index.model')
    .wire('index.index', 'search.index')
    .wire('question.value', 'search.query')
    .wire('search.passages', 'prompt.passages')
    .wire('question.value', 'prompt.question')
    .wire('prompt.prompt', 'answer.prompt')
    .wire('chat.model', 'answer.model')
    .wire('answer.answer', 'output.value')
    .wire('search.passages', 'output.passages')
    .build();
}

/** Two arms on one canvas: a model by itself, and the same with what it finds in a collection. */
export function drawTwoArms(collection: string): FlowDocument {
  return buildFlowDocument('Two arms')
    .node('load', 'load/files', { collection })
    .node('embedder', 'model/embedding', { model: 'fake-embedding' })
    .node('chat', 'model/chat', { model: 'fake-chat' })
    .node('chunk', 'chunk/recursive', { size: 100 })
    .node('embed', 'embed')
    .node('index', 'index/pgvector')
    .node('question', 'input', { name: 'question' })
    .node('search', 'retrieve/hybrid', { limit: 3, minimumCosine: 0 })
    .node('plain', 'prompt/template', { template: '{{question}}' })
    .node('informed', 'prompt/template', { template: '{{passages}}\n{{question}}' })
    .node('recall', 'generate/llm')
    .node('answer', 'generate/llm')
    .node('base', 'output', { name: 'base' })
    .node('retrieval', 'output', { name: 'retrieval' })
    .wire('load.documents', 'chunk.documents')
    .wire('embedder.model', 'chunk.model')
    .wire('chunk.chunks', 'embed.chunks')
    .wire('embedder.model', 'embed.model')
    .wire('embed.vectors', 'index.vectors')
    .wire('embedder.model', 'index.model')
    .wire('index.index', 'search.index')
    .wire('question.value', 'search.query')
    .wire('question.value', 'plain.question')
    .wire('search.passages', 'informed.passages')
    .wire('question.value', 'informed.question')
    .wire('plain.prompt', 'recall.prompt')
    .wire('informed.prompt', 'answer.prompt')
    .wire('chat.model', 'recall.model')
    .wire('chat.model', 'answer.model')
    .wire('recall.answer', 'base.value')
    .wire('answer.answer', 'retrieval.value')
    .wire('search.passages', 'retrieval.passages')
    .build();
}
