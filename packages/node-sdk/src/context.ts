import type { JsonValue, LocalisedText } from '@kumiki/flow';
import type { DataSetAccess } from './data-set-access.ts';
import type { DocumentIndex } from './document-index.ts';
import type { DocumentParser } from './document-parser.ts';
import type { ErrorReport } from './error.ts';
import type { ChatEvent, ChatRequest, HostModel, TokenUsage } from './model-host.ts';
import type { TableAccess } from './table-access.ts';
import type { TrainingAccess, TrainingReport } from './training-access.ts';
import type {
  AdapterValue,
  ChatModelValue,
  EmbeddingModelValue,
  FileValue,
  ManifestEntry,
  ModelReference,
  PortValue,
} from './values.ts';
import type { WebAccess } from './web-access.ts';

export type Progress = {
  readonly done: number;
  readonly total: number | null;
  readonly unit: 'documents' | 'chunks' | 'tokens' | 'steps';
};

/** Models by reference, whatever host they live on. A digest that changed since it was resolved is `model-changed`. */
export interface ModelAccess {
  inspect(host: string, name: string): Promise<HostModel>;
  /** The adapter of a tuned model that people keep, by its id or name. Throws `tuned-model-unknown`. */
  findAdapter(reference: string): Promise<AdapterValue>;
  /** A tuned model answers with its adapter: throws `adapter-not-served` where its host does not take it. */
  chat(model: ChatModelValue, request: Omit<ChatRequest, 'model' | 'adapter'>): AsyncIterable<ChatEvent>;
  /** Vectors for documents come from the cache where (workspace, model, prefix, text) is known; queries do not. */
  embed(
    model: EmbeddingModelValue,
    texts: readonly string[],
    purpose: 'query' | 'document',
  ): Promise<readonly Float32Array[]>;
  /** Tokens of each text; estimated from its characters where the host cannot count. */
  countTokens(model: ModelReference, texts: readonly string[]): Promise<readonly number[]>;
}

/** Uploaded files and the folders that the operator has listed. */
export interface FileAccess {
  /** Members of a collection, sorted by name. Throws `collection-unknown`. */
  listCollection(collection: string): Promise<readonly (ManifestEntry & { readonly mediaType: string | null })[]>;
  /** Files below a folder, sorted by path. Throws `folder-not-listed`, `folder-missing`. */
  listFolder(folder: string): Promise<readonly (ManifestEntry & { readonly mediaType: string | null })[]>;
  readCollectionFile(collection: string, id: string): Promise<{ content: Uint8Array; contentHash: string }>;
  readFolderFile(folder: string, id: string): Promise<{ content: Uint8Array; contentHash: string }>;
  readFile(file: FileValue): Promise<Uint8Array>;
}

/** A question to the flow that a node names, about one item of a list. */
export type FlowQuestion = {
  /** The item's place in the list, from 0: it makes keys that are the same for every attempt. */
  readonly place: number;
  readonly item: JsonValue;
  /** What the flow's other inputs get, by name. */
  readonly inputs: Readonly<Record<string, PortValue>>;
  readonly signal: AbortSignal;
};

export type FlowAnswer = { readonly value: JsonValue };

/** The only way by which a node touches the world. */
export interface NodeContext {
  readonly workspace: string;
  /** The node's path in the flow: `search`, or `helpdesk/search` inside an inlined one. */
  readonly node: string;
  readonly signal: AbortSignal;
  /** Same for every attempt at this node in this run. */
  readonly idempotencyKey: string;
  readonly models: ModelAccess;
  readonly files: FileAccess;
  readonly documents: DocumentParser;
  readonly index: DocumentIndex;
  readonly web: WebAccess;
  readonly tables: TableAccess;
  readonly datasets: DataSetAccess;
  readonly training: TrainingAccess;
  /**
   * Asks the flow that the node names, for a type whose port rule `named-flow` has an `item`; null where its output was
   * skipped. Rejects with what went wrong in it, which was tried as often as it may be.
   */
  askFlow(question: FlowQuestion): Promise<FlowAnswer | null>;
  progress(progress: Progress): void;
  /** What a training tells about itself while it goes on. */
  showTraining(report: TrainingReport): void;
  /** Text as it is generated; it reaches the client where the node feeds an output directly or through logic. */
  emitText(delta: string): void;
  reportUsage(usage: TokenUsage): void;
  /** Something that a person should know although the node goes on. */
  warn(warning: { readonly code: string; readonly message: LocalisedText }): void;
  recordDocumentError(id: string, error: ErrorReport): void;
}
