/** The kinds of value that may travel on a wire. Nothing converts silently between them. */
export const portKinds = [
  'text',
  'number',
  'boolean',
  'json',
  'file',
  'messages',
  'prompt-template',
  'conversations',
  'documents',
  'chunks',
  'vectors',
  'passages',
  'index',
  'chat-model',
  'embedding-model',
  'rerank-model',
  'dataset',
] as const;

export type PortKind = (typeof portKinds)[number];

const streamKinds: ReadonlySet<PortKind> = new Set(['conversations', 'documents', 'chunks', 'vectors']);

/** A kind is either always a stream or always one value; a port never chooses. */
export function isStreamKind(kind: PortKind): boolean {
  return streamKinds.has(kind);
}
