export { didRun, findEndState } from './did-run.ts';
export { embedText, FakeModelHost, fakeDimensions } from './fake-model-host.ts';
export { buildFlowDocument, FlowBuilder } from './flow-builder.ts';
export { MemoryArtifactStore } from './memory-artifact-store.ts';
export { MemoryDocumentIndex } from './memory-document-index.ts';
export type { MemoryCollections } from './memory-services.ts';
export { MemoryServices } from './memory-services.ts';
export type { MemoryAnswer } from './memory-web.ts';
export { MemoryWeb } from './memory-web.ts';
