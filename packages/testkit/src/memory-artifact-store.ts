import type { Artifact, ArtifactStore } from '@kumiki/node-sdk';

/** Artifacts and known contents in memory, as JSON text, so that nothing survives that a database would not keep. */
export class MemoryArtifactStore implements ArtifactStore {
  readonly #artifacts = new Map<string, string>();
  readonly #hashes = new Map<string, string>();

  get size(): number {
    return this.#artifacts.size;
  }

  async find(workspace: string, fingerprint: string): Promise<Artifact | null> {
    const text = this.#artifacts.get(`${workspace} ${fingerprint}`);
    return text === undefined ? null : parseArtifact(text);
  }

  async findNewest(workspace: string, lineage: string): Promise<Artifact | null> {
    // A map keeps the order in which keys came.
    const kept = [...this.#artifacts].filter(([key]) => key.startsWith(`${workspace} `));
    return kept.map(([, text]) => parseArtifact(text)).findLast((artifact) => artifact.lineage === lineage) ?? null;
  }

  async save(workspace: string, artifact: Artifact): Promise<Artifact> {
    const key = `${workspace} ${artifact.fingerprint}`;
    const text = this.#artifacts.get(key) ?? JSON.stringify(artifact);
    this.#artifacts.set(key, text);
    return parseArtifact(text);
  }

  async findContentHashes(
    workspace: string,
    source: string,
    documents: readonly { readonly id: string; readonly identity: string }[],
  ): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    for (const { id, identity } of documents) {
      const hash = this.#hashes.get(JSON.stringify([workspace, source, id, identity]));
      if (hash !== undefined) found.set(id, hash);
    }
    return found;
  }

  async recordContentHashes(
    workspace: string,
    source: string,
    documents: readonly { readonly id: string; readonly identity: string; readonly contentHash: string }[],
  ): Promise<void> {
    for (const { id, identity, contentHash } of documents) {
      this.#hashes.set(JSON.stringify([workspace, source, id, identity]), contentHash);
    }
  }
}

/** Written by `save` above. */
function parseArtifact(text: string): Artifact {
  return JSON.parse(text) as Artifact;
}
