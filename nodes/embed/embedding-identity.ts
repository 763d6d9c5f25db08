import type { EmbeddingModelValue } from '@kumiki/node-sdk';

/**
 * What two embedding models must share for their vectors to lie in one space: the weights (where the host tells no
 * digest, host and name stand in) and the prefix of documents.
 */
export function identifyEmbeddingModel({ host, name, digest, prefixes }: EmbeddingModelValue): string {
  return JSON.stringify([digest ?? [host, name], prefixes.document]);
}
