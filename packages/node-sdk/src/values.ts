import type { JsonValue, LocalisedText, PortKind } from '@kumiki/flow';
import type { ErrorReport } from './error.ts';

export type Metadata = Readonly<Record<string, JsonValue>>;

/** Which document a stream element belongs to. `id` carries the loader's path in the flow: `load/faq.md`. */
export type DocumentHead = {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  /** SHA-256, hex, of the bytes that were really read. */
  readonly contentHash: string;
  /** Identity of what was really read, where its loader can tell; otherwise what was listed counts for it. */
  readonly identity?: string;
  readonly metadata: Metadata;
};

/** A heading of a document: its level (1–6), its text, and the offset in `text` where it begins. */
export type Heading = { readonly level: number; readonly title: string; readonly start: number };

/** Where a page begins: its number from 1, and the offset in `text` (UTF-16 code units, as in all offsets here). */
export type PageStart = { readonly page: number; readonly start: number };

/** A parsed document: NFC text with `\n` line ends, without NUL and lone surrogates. */
export type Document = {
  readonly text: string;
  readonly headings: readonly Heading[];
  readonly pages: readonly PageStart[];
};

export type Chunk = {
  /** Place within the document, from 0. */
  readonly ordinal: number;
  readonly text: string;
  /** Offsets in the document's text; `text` is what stands between them. */
  readonly start: number;
  readonly end: number;
  /** Length in tokens of the embedding model that was asked, estimated where a host cannot count. */
  readonly tokens: number;
  /** Titles of the headings above it, outermost first. */
  readonly headings: readonly string[];
  readonly page: number | null;
};

export type EmbeddedChunk = Chunk & {
  readonly vector: Float32Array;
  /** Identity of the model that made the vector, so that an index can refuse vectors of another than its own. */
  readonly embeddedBy?: string;
};

/** What one person, or the model, said at one time. NFC text without NUL and lone surrogates. */
export type Utterance = {
  /** As the source names them; empty where it does not. */
  readonly speaker: string;
  /** Where the source tells it, as OpenAI's `messages` do; null where only the speaker is known. */
  readonly role: 'system' | 'user' | 'assistant' | null;
  readonly text: string;
  /** ISO 8601 with a zone; null where the source does not tell. */
  readonly at: string | null;
};

/** A conversation in the order in which it was held. A document may hold many. */
export type Conversation = {
  /** Unique within its document, and the same each time that it is read. */
  readonly id: string;
  readonly utterances: readonly Utterance[];
  /** Line of the document where it begins, from 1, so that a person finds it; null where lines mean nothing. */
  readonly line: number | null;
};

/** A row that is left out: its line in the document, from 1, where lines mean anything, and why. */
export type UnreadableRow = {
  readonly line: number | null;
  readonly reason: LocalisedText;
  /** The file that the line is counted in, where the document is an archive of several. */
  readonly part?: string;
};

/**
 * One element of a stream: all that one document became, or the error that it ended in. A document is handled whole or
 * not at all, so an element is its own end mark; memory is bounded by the largest document, not by the corpus.
 */
export type StreamElement<T> =
  | {
      readonly document: DocumentHead;
      readonly items: readonly T[];
      /** Rows of the document that could not be read while the rest of it could. */
      readonly unreadable?: readonly UnreadableRow[];
    }
  | { readonly document: Pick<DocumentHead, 'id' | 'name'>; readonly error: ErrorReport };

export type Stream<T> = AsyncIterable<StreamElement<T>>;

/** What a loader knows of a document without reading it. */
export type ManifestEntry = {
  readonly id: string;
  readonly name: string;
  /** Changes when the document may have changed: a hash, an ETag, or size and time. Cheap. */
  readonly identity: string;
  /** SHA-256 of the content where it is known without reading. */
  readonly contentHash: string | null;
};

/** A stream that has not been opened. Builds pull: nothing upstream runs before `read` is called. */
export type DocumentSource<T> = {
  /** Null where a node on the way does not work per document, so that only the whole can be read. */
  readonly manifest: readonly ManifestEntry[] | null;
  read(ids: readonly string[] | 'all'): Stream<T>;
};

export type ChatMessage = { readonly role: 'system' | 'user' | 'assistant'; readonly content: string };

/** A model is a value on a wire. `digest` is null where the host tells none: an unpinned model. */
export type ModelReference = {
  readonly host: string;
  readonly name: string;
  readonly digest: string | null;
};

/** A LoRA adapter: what tuning leaves behind. Its files lie in the blob store; values that name them keep them there. */
export type AdapterValue = {
  /** `sha256:…` over configuration and weights: two trainings that end in the same numbers are one adapter. */
  readonly digest: string;
  /** The PEFT folder, sorted by name. `sha256` is hex. */
  readonly files: readonly { readonly name: string; readonly sha256: string; readonly bytes: number }[];
  /** `sha256:…` of the weights file that it was trained over. */
  readonly base: string;
  /** The prompt template that its data was rendered with; null where the messages were taken as they are. */
  readonly prompt: PromptTemplateValue | null;
};

export type ChatModelValue = ModelReference & {
  /** Where the model is tuned. Name, digest and template are those of the base. */
  readonly adapter: AdapterValue | null;
  /** Digest of the chat template where the host tells it. */
  readonly template: string | null;
  readonly contextLength: number | null;
};

export type EmbeddingModelValue = ModelReference & {
  readonly dimensions: number;
  readonly maximumTokens: number;
  /** What the model wants in front of a text, such as `query: ` and `passage: ` of the e5 family. */
  readonly prefixes: { readonly query: string; readonly document: string };
};

/** An index as of one generation: what a retriever is pinned to. */
export type IndexValue = {
  readonly lineage: string;
  readonly generation: number;
  readonly embeddingModel: EmbeddingModelValue;
  readonly documents: number;
  readonly chunks: number;
};

export type PassageScores = {
  /** Cosine similarity, -1…1. */
  readonly cosine: number | null;
  /** BM25, 0…∞, comparable only within one query. */
  readonly bm25: number | null;
  /** What the passages are ranked by: the node's own fusion or one of the above. */
  readonly ranking: number;
};

export type Passage = {
  readonly documentId: string;
  readonly documentName: string;
  readonly ordinal: number;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly headings: readonly string[];
  readonly page: number | null;
  readonly metadata: Metadata;
  readonly scores: PassageScores;
};

/** A logic-less template and the system text that goes with it. Data sets are rendered with the very one that serves. */
export type PromptTemplateValue = { readonly system: string; readonly template: string };

/** One example to learn from or to be measured on. */
export type Example = {
  /** Unique within its data set. */
  readonly id: string;
  /** Ids of the documents that it was made from, so that it goes when one of them is forgotten. */
  readonly documents: readonly string[];
  /** What must not be torn apart by a split: a conversation, or a passage that questions are asked about. */
  readonly group: string;
  readonly split: 'train' | 'evaluation';
  /**
   * An optional system message, then user and assistant in turn; the last is the assistant's. Not rendered: whoever has
   * a prompt template puts the user message before a trained answer through it, as serving does.
   */
  readonly messages: readonly ChatMessage[];
  /** Places in `messages` of the answers that are to be learnt, ascending. */
  readonly trained: readonly number[];
  /** What retrieval would have given for the last user message; null where that was not asked. */
  readonly passages: readonly Passage[] | null;
};

/** Examples in the blob store, one a line of JSON, train and evaluation together. */
export type DataSetValue = {
  /** SHA-256 of the lines, hex. */
  readonly sha256: string;
  readonly bytes: number;
  readonly examples: { readonly train: number; readonly evaluation: number };
  /** What was left out, merged, masked or moved on the way, for people: the counts are complete, the rows are not. */
  readonly report: readonly DataSetNote[];
  /** The first examples, for people. */
  readonly preview: readonly Example[];
};

/** One finding about a data set, by its code: how often it was met, and the first places where. */
export type DataSetNote = {
  readonly code: string;
  readonly message: LocalisedText;
  readonly count: number;
  readonly places: readonly { readonly document: string; readonly line: number | null; readonly detail: string }[];
};

export type FileValue = {
  readonly name: string;
  readonly mediaType: string;
  readonly sha256: string;
  readonly bytes: number;
};

/** What travels on a wire of each kind. Kinds whose node types do not exist yet stay `never`. */
export type PortValues = {
  text: string;
  number: number;
  boolean: boolean;
  json: JsonValue;
  file: FileValue;
  messages: readonly ChatMessage[];
  'prompt-template': PromptTemplateValue;
  conversations: Stream<Conversation>;
  documents: Stream<Document>;
  chunks: Stream<Chunk>;
  vectors: Stream<EmbeddedChunk>;
  passages: readonly Passage[];
  index: IndexValue;
  'chat-model': ChatModelValue;
  'embedding-model': EmbeddingModelValue;
  'rerank-model': never;
  dataset: DataSetValue;
};

/** The same for a node that pulls: its streams arrive unopened. */
export type PulledPortValues = Omit<PortValues, 'conversations' | 'documents' | 'chunks' | 'vectors'> & {
  conversations: DocumentSource<Conversation>;
  documents: DocumentSource<Document>;
  chunks: DocumentSource<Chunk>;
  vectors: DocumentSource<EmbeddedChunk>;
};

export type PortValue = PortValues[PortKind];
