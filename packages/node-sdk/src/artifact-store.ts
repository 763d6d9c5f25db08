import type { JsonValue } from '@kumiki/flow';

/** What a document's content was: its id with the loader's path (`load/faq.md`) and its SHA-256, hex. */
export type DocumentContent = { readonly id: string; readonly contentHash: string };

/** What a build-time node leaves behind: an index, a model, or a single value that request-time nodes use. */
export type Artifact = {
  readonly fingerprint: string;
  /** The fingerprint without contents: what stays when documents come and go. */
  readonly lineage: string;
  /** The type of the node that made it, for people who clean up. */
  readonly nodeType: string;
  /** By output port. Only values, never streams, and all of them JSON. */
  readonly outputs: Readonly<Record<string, JsonValue>>;
  /** The documents it was made from, sorted by id; empty where it depends on settings alone. */
  readonly contents: readonly DocumentContent[];
};

/** Where builds look before they work. Artifacts are kept under (workspace, fingerprint). */
export interface ArtifactStore {
  /** Null where there is none, or where it is redacted and may not be found again. */
  find(workspace: string, fingerprint: string): Promise<Artifact | null>;
  /** The newest artifact of a lineage, whatever it was made from. Null where there is none that is not redacted. */
  findNewest(workspace: string, lineage: string): Promise<Artifact | null>;
  /** Keeps an artifact and gives back the one that is kept: the earlier one, where there was one. */
  save(workspace: string, artifact: Artifact): Promise<Artifact>;
  /**
   * Content hashes that are known for documents of a source, by document id. `source` is the loader's fingerprint;
   * an entry counts only where the identity is the very one that was recorded.
   */
  findContentHashes(
    workspace: string,
    source: string,
    documents: readonly { readonly id: string; readonly identity: string }[],
  ): Promise<ReadonlyMap<string, string>>;
  /** Remembers which content an identity meant, once it was really read. */
  recordContentHashes(
    workspace: string,
    source: string,
    documents: readonly { readonly id: string; readonly identity: string; readonly contentHash: string }[],
  ): Promise<void>;
}
