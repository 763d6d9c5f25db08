import type { ArtifactStore, DocumentContent, ManifestEntry } from '@kumiki/node-sdk';
import { runAttempts } from './attempt.ts';
import { NodeRun } from './node-run.ts';
import type { Plan, PlannedInput, PlannedNode } from './plan.ts';
import type { RunScope } from './run-scope.ts';

/** What stands behind a stream: its loaders, and whether every node on the way works per document. */
export type StreamOrigin = { readonly loaders: readonly PlannedNode[]; readonly perDocument: boolean };

/** What a loader read of a document; the identity where it told one. */
export type ReadDocument = { readonly contentHash: string; readonly identity?: string };

/** Follows streams back to their loaders. */
export function findStreamOrigin(plan: Plan, input: PlannedInput): StreamOrigin {
  const seen = new Set(input.sources.map(({ node }) => node));
  const loaders: PlannedNode[] = [];
  let perDocument = true;
  for (const index of seen) {
    const node = plan.nodes[index];
    if (node === undefined) continue;
    if (node.role === 'loader') loaders.push(node);
    else if (!node.type.description.perDocument) perDocument = false;
    for (const { stream, sources } of node.inputs) {
      if (stream) for (const source of sources) seen.add(source.node);
    }
  }
  return { loaders, perDocument };
}

/**
 * An id with the loader's own, so that two loaders may have files of the same name. Streams never cross the border of an
 * inlined flow, so what reaches an index comes from loaders of one flow; the path to that flow is left out, and an index
 * is the same wherever its flow is inlined.
 */
export function addLoaderPath(loader: PlannedNode, id: string): string {
  return `${loader.ownId}/${id}`;
}

export function removeLoaderPath(loader: PlannedNode, id: string): string | null {
  const path = `${loader.ownId}/`;
  return id.startsWith(path) ? id.slice(path.length) : null;
}

/** An artifact that reads without a loader. */
export function listsItself({ type: { behaviour } }: PlannedNode): boolean {
  return behaviour.role === 'artifact' && behaviour.list !== null;
}

/** The lists of a run's loaders, each asked for once, with the content hashes that are known already filled in. */
export class Manifests {
  readonly #scope: RunScope;
  readonly #plan: Plan;
  readonly #artifacts: ArtifactStore;
  /** The loader's digest, under which known hashes are kept. */
  readonly #sourceOf: (loader: PlannedNode) => Promise<string>;
  readonly #lists = new Map<number, Promise<readonly ManifestEntry[]>>();

  constructor(options: {
    readonly scope: RunScope;
    readonly plan: Plan;
    readonly artifacts: ArtifactStore;
    readonly sourceOf: (loader: PlannedNode) => Promise<string>;
  }) {
    this.#scope = options.scope;
    this.#plan = options.plan;
    this.#artifacts = options.artifacts;
    this.#sourceOf = options.sourceOf;
  }

  /** Entries of all loaders behind an input, ids with their paths. Null where only the whole can be read. */
  async unite(input: PlannedInput): Promise<readonly ManifestEntry[] | null> {
    const { loaders, perDocument } = findStreamOrigin(this.#plan, input);
    return perDocument ? await this.#listAll(loaders) : null;
  }

  /** What will be read, sorted by nothing yet; null where some content is not known without reading. */
  async findContents(node: PlannedNode): Promise<readonly DocumentContent[] | null> {
    const contents: DocumentContent[] = [];
    for (const { id, contentHash } of await this.#listBehind(node)) {
      if (contentHash === null) return null;
      contents.push({ id, contentHash });
    }
    return contents;
  }

  /** Ids and identities of all that is listed behind a node, sorted: what was asked for, whatever came of reading it. */
  async listIdentities(node: PlannedNode): Promise<[id: string, identity: string][]> {
    const entries = (await this.#listBehind(node)).map(({ id, identity }): [string, string] => [id, identity]);
    return entries.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
  }

  list(loader: PlannedNode): Promise<readonly ManifestEntry[]> {
    const known = this.#lists.get(loader.index);
    if (known !== undefined) return known;
    const list = this.#readList(loader);
    list.catch(() => undefined);
    this.#lists.set(loader.index, list);
    return list;
  }

  /**
   * Remembers what was really read, so that the next build knows it by its identity alone: by that of what was read, since
   * a document may change between list and read, and the listed identity would then name a content that it never meant.
   */
  async record(loader: PlannedNode, contents: ReadonlyMap<string, ReadDocument>): Promise<void> {
    const entries = await this.list(loader);
    const documents = entries.flatMap(({ id, identity, contentHash }) => {
      const read = contents.get(id);
      const plainId = removeLoaderPath(loader, id);
      if (read === undefined || plainId === null || contentHash !== null) return [];
      return [{ id: plainId, identity: read.identity ?? identity, contentHash: read.contentHash }];
    });
    if (documents.length === 0) return;
    await this.#artifacts.recordContentHashes(this.#scope.workspace, await this.#sourceOf(loader), documents);
  }

  #listBehind(node: PlannedNode): Promise<readonly ManifestEntry[]> {
    const origins = node.inputs.filter(({ stream }) => stream).map((input) => findStreamOrigin(this.#plan, input));
    const own = listsItself(node) ? [node] : [];
    return this.#listAll([...new Set([...own, ...origins.flatMap((origin) => origin.loaders)])]);
  }

  async #listAll(loaders: readonly PlannedNode[]): Promise<readonly ManifestEntry[]> {
    return (await Promise.all(loaders.map((loader) => this.list(loader)))).flat();
  }

  async #readList(loader: PlannedNode): Promise<readonly ManifestEntry[]> {
    const { behaviour } = loader.type;
    const list = behaviour.role === 'run' ? null : behaviour.list;
    if (list === null) return [];
    const nodeRun = new NodeRun(this.#scope, loader);
    try {
      const { settings } = loader;
      const entries = await runAttempts(this.#scope, nodeRun, () => list({ settings, context: nodeRun }));
      const known = await this.#findHashes(loader, entries);
      return entries.map((entry) => ({
        ...entry,
        id: addLoaderPath(loader, entry.id),
        contentHash: entry.contentHash ?? known.get(entry.id) ?? null,
      }));
    } catch (error) {
      nodeRun.fail(error);
      throw error;
    }
  }

  async #findHashes(loader: PlannedNode, entries: readonly ManifestEntry[]): Promise<ReadonlyMap<string, string>> {
    const unknown = entries.filter(({ contentHash }) => contentHash === null);
    if (unknown.length === 0) return new Map();
    return await this.#artifacts.findContentHashes(this.#scope.workspace, await this.#sourceOf(loader), unknown);
  }
}
