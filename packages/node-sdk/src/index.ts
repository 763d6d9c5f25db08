export type { Artifact, ArtifactStore, DocumentContent } from './artifact-store.ts';
export type { BlobStore } from './blob-store.ts';
export { cleanText } from './clean-text.ts';
export type { FileAccess, FlowAnswer, FlowQuestion, ModelAccess, NodeContext, Progress } from './context.ts';
export type { DataSetAccess } from './data-set-access.ts';
export { previewedExamples } from './data-set-access.ts';
export type {
  ArtifactDefinition,
  LoaderDefinition,
  MadeArtifact,
  NodeDefinition,
  NodeType,
  Resource,
  SettingsMigration,
  SourceIdentity,
  TextFilter,
} from './define-node.ts';
export { defineArtifact, defineLoader, defineNode } from './define-node.ts';
export type {
  ClosedGeneration,
  DocumentIndex,
  IndexedDocument,
  IndexLocation,
  IndexSnapshot,
  OpenedGeneration,
  ScoredPassage,
} from './document-index.ts';
export type { DataRow, DocumentParser, FileData } from './document-parser.ts';
export type { ErrorReport, KumikiErrorOptions } from './error.ts';
export { KumikiError, reportError } from './error.ts';
export type { LeaseAnswer, LeaseMark, LeaseStore } from './lease-store.ts';
export type {
  ChatAdapter,
  ChatEvent,
  ChatRequest,
  EmbedRequest,
  EmbedResult,
  HeldMemory,
  HostModel,
  ModelHost,
  ModelPurpose,
  TokenUsage,
  Work,
} from './model-host.ts';
export type { Port, PortOptions } from './port.ts';
export { port } from './port.ts';
export type { TableAccess, TableEntry, TableQuery, TableRow } from './table-access.ts';
export type {
  Energy,
  Trained,
  TrainingAccess,
  TrainingEstimate,
  TrainingJob,
  TrainingPoint,
  TrainingReport,
  TrainingRow,
  TrainingSettings,
  TrainingSize,
} from './training-access.ts';
export type {
  AdapterValue,
  ChatMessage,
  ChatModelValue,
  Chunk,
  Conversation,
  DataSetNote,
  DataSetValue,
  Document,
  DocumentHead,
  DocumentSource,
  EmbeddedChunk,
  EmbeddingModelValue,
  Example,
  FileValue,
  Heading,
  IndexValue,
  ManifestEntry,
  Metadata,
  ModelReference,
  PageStart,
  Passage,
  PassageScores,
  PortValue,
  PortValues,
  PromptTemplateValue,
  PulledPortValues,
  Stream,
  StreamElement,
  UnreadableRow,
  Utterance,
} from './values.ts';
export type { SecretHeader, WebAccess, WebAnswer, WebMethod, WebRequest } from './web-access.ts';
