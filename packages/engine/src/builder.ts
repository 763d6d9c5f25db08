import type { JsonValue } from '@kumiki/flow';
import type { Artifact, ArtifactStore, DocumentContent, PortValue } from '@kumiki/node-sdk';
import type { BuiltNode } from './build.ts';
import { addContents, type Digests, digestFromInputs } from './digests.ts';
import type { NodeWarning } from './events.ts';
import { digestStaticPort, hashJson, sortContents } from './fingerprint.ts';
import { Identities } from './identities.ts';
import { listsItself, Manifests } from './manifests.ts';
import { NodeRun } from './node-run.ts';
import type { Plan, PlannedNode, PlannedSource } from './plan.ts';
import { produceValues, readWhole } from './produce.ts';
import { rebindModels } from './rebind-models.ts';
import type { RunScope } from './run-scope.ts';
import { runStaticOutputs } from './static-outputs.ts';
import { summariseOutputs } from './summary.ts';
import { findNeededValues, findUpstream } from './upstream.ts';

type Outputs = Readonly<Record<string, PortValue | undefined>>;
type Settled = { readonly outputs: Outputs; readonly digests: Digests };

export type BuilderOptions = {
  readonly scope: RunScope;
  readonly plan: Plan;
  readonly artifacts: ArtifactStore;
  readonly owner: string;
  /** What to make of what is missing; `sources`: only values that hang on nothing but settings, such as models. */
  readonly make: 'all' | 'sources' | 'nothing';
  /** Paths of nodes that hold their artifacts and shall make them again where contents have changed. */
  readonly retrain: ReadonlySet<string>;
};

/**
 * Builds by pulling: a node is asked for its values, looks itself up by its fingerprint, and only where it is missing
 * asks those that feed it. Everything is asked for at once and waits for what it needs; each node answers once.
 */
export class Builder {
  readonly #options: BuilderOptions;
  readonly #identities: Identities;
  readonly #manifests: Manifests;
  readonly #bases = new Map<number, Promise<Digests>>();
  readonly #values = new Map<number, Promise<Settled>>();
  readonly #statics = new Map<number, Promise<Outputs>>();
  /** What has been computed, for the nodes that stream: they are called when all their values are there. */
  readonly #settled = new Map<number, Outputs>();
  readonly #roots = new Set<number>();
  /** The last to work on each lineage. */
  readonly #turns = new Map<string, Promise<Settled>>();
  readonly built: Record<string, BuiltNode> = {};

  constructor(options: BuilderOptions) {
    this.#options = options;
    const { scope, plan, artifacts } = options;
    this.#identities = new Identities(scope);
    this.#manifests = new Manifests({
      scope,
      plan,
      artifacts,
      sourceOf: async (loader) => (await this.#base(loader)).fingerprint,
    });
  }

  get identities(): Readonly<Record<string, JsonValue>> {
    return this.#identities.told;
  }

  /** Settles artifacts and values, and drains nodes that only work while they are read. Rejects at the first failure. */
  async settle(roots: readonly PlannedNode[], statics: readonly PlannedNode[]): Promise<void> {
    for (const { index } of roots) this.#roots.add(index);
    const { scope, make } = this.#options;
    const asked = [
      ...roots.map((root) =>
        root.role === 'loader' || root.role === 'stream' ? this.#drain(root) : this.#value(root),
      ),
      ...statics.map((node) => this.#recordStatic(node)),
    ];
    // The first failure stops the rest at once; where nothing is made, what is missing stops nobody.
    if (make === 'all') for (const one of asked) one.catch((error: unknown) => scope.fail(error));
    await Promise.allSettled(asked);
    await Promise.allSettled([...this.#values.values()]);
    await Promise.all(asked);
  }

  /** The values that reach a node, without the streams: each made or found as for any other node that asks for it. */
  async readInputs(node: PlannedNode): Promise<Outputs> {
    await this.#demandValues(node);
    const values = node.inputs.filter(({ stream }) => !stream);
    return Object.fromEntries(values.map(({ name, sources: [source] }) => [name, source && this.#readValue(source)]));
  }

  /** The digests before contents are counted. Those that feed it come first, so nothing here calls itself deeply. */
  #base(node: PlannedNode): Promise<Digests> {
    const { plan } = this.#options;
    for (const index of [...findUpstream(plan, [node.index])].sort((a, b) => a - b)) {
      const feeder = plan.nodes[index];
      if (feeder !== undefined) remember(this.#bases, index, () => this.#computeBase(feeder));
    }
    return remember(this.#bases, node.index, () => this.#computeBase(node));
  }

  async #computeBase(node: PlannedNode): Promise<Digests> {
    const { plan } = this.#options;
    const identity = await this.#identities.identify(node);
    const feeding = new Map<number, Digests>();
    for (const source of node.inputs.flatMap(({ sources }) => sources)) {
      const feeder = plan.nodes[source.node];
      if (feeder === undefined || isStatic(feeder, source.port)) continue;
      feeding.set(source.node, await this.#digests(feeder));
    }
    return digestFromInputs(plan, node, identity, feeding);
  }

  /** With contents. What is known only from the work itself has to be found or done first. */
  async #digests(node: PlannedNode): Promise<Digests> {
    return hasOwnContents(node) || isUnidentified(node) ? (await this.#value(node)).digests : await this.#base(node);
  }

  #value(node: PlannedNode): Promise<Settled> {
    return remember(this.#values, node.index, async () => {
      const settled = await this.#findOrMake(node);
      this.#settled.set(node.index, settled.outputs);
      return settled;
    });
  }

  #static(node: PlannedNode): Promise<Outputs> {
    return remember(this.#statics, node.index, () => runStaticOutputs(this.#options.scope, node));
  }

  /**
   * Artifacts of one lineage are made one after the other: a flow that is inlined twice names the same index twice, and
   * the second finds what the first has made.
   */
  async #findOrMake(node: PlannedNode): Promise<Settled> {
    const base = await this.#base(node);
    if (node.role !== 'artifact') return await this.#findOrMakeNow(node, base);
    const work = () => this.#findOrMakeNow(node, base);
    // Whatever became of the one before: each has its own say.
    const turn = this.#turns.get(base.lineage)?.then(work, work) ?? work();
    this.#turns.set(base.lineage, turn);
    return await turn;
  }

  async #findOrMakeNow(node: PlannedNode, base: Digests): Promise<Settled> {
    const { scope, artifacts, make } = this.#options;
    const expected = await this.#expect(node, base);
    if (this.#isKept(node) && expected !== null) {
      const found = await artifacts.find(scope.workspace, expected.exact);
      if (found !== null) return this.#reuse(node, found, expected);
    }
    const held = await this.#findHeld(node, base);
    if (held !== null) return this.#reuse(node, held, digestHeld(base, held), true);
    if (make === 'nothing' || (make === 'sources' && !isSource(node))) return await this.#findIncomplete(node, base);
    await this.#demandValues(node);
    return await this.#make(node, base);
  }

  /** What was made last of other contents, where the node's type holds on to it and nobody asks for a new one. */
  async #findHeld(node: PlannedNode, base: Digests): Promise<Artifact | null> {
    const { scope, artifacts, retrain } = this.#options;
    if (!node.type.description.held || retrain.has(node.id)) return null;
    return await artifacts.findNewest(scope.workspace, base.lineage);
  }

  /** The digests that the node will have if all goes as listed; null where only the work itself can tell. */
  async #expect(node: PlannedNode, base: Digests): Promise<Digests | null> {
    if (isUnidentified(node) || node.type.description.effect === 'acts') return null;
    if (!hasOwnContents(node)) return addContents(node, base, null);
    const contents = await this.#manifests.findContents(node);
    return contents === null ? null : addContents(node, base, contents);
  }

  /**
   * For questions, what was made last although some of the very documents that are listed could not be read. A build
   * does not look here, since it tries those documents again.
   */
  async #findIncomplete(node: PlannedNode, base: Digests): Promise<Settled> {
    const { scope, artifacts } = this.#options;
    const found =
      node.role === 'artifact' && hasOwnContents(node)
        ? await artifacts.find(scope.workspace, await this.#digestIncomplete(node, base))
        : null;
    if (found === null) throw new ArtifactMissing(node.id);
    return this.#reuse(node, found, addContents(node, base, found.contents));
  }

  async #digestIncomplete(node: PlannedNode, base: Digests): Promise<string> {
    return hashJson({ digest: base.fingerprint, listed: await this.#manifests.listIdentities(node) });
  }

  async #reuse(node: PlannedNode, found: Artifact, digests: Digests, stale = false): Promise<Settled> {
    const outputs = rebindModels(readOutputs(found), await this.#readWiredModels(node));
    const nodeRun = new NodeRun(this.#options.scope, node);
    if (stale) nodeRun.warn(describeStale(node));
    nodeRun.reuse(summariseOutputs(node, outputs));
    return this.#record(node, outputs, digests, stale);
  }

  async #readWiredModels(node: PlannedNode): Promise<readonly (PortValue | undefined)[]> {
    if (node.role !== 'artifact') return [];
    const wired = node.inputs.filter(({ kind }) => kind === 'chat-model' || kind === 'embedding-model');
    return await Promise.all(
      wired.flatMap(({ sources }) =>
        sources.map(async (source) => {
          const feeder = this.#options.plan.nodes[source.node];
          return feeder && (await this.#value(feeder)).outputs[source.port];
        }),
      ),
    );
  }

  async #make(node: PlannedNode, base: Digests): Promise<Settled> {
    const { scope, plan, artifacts, owner } = this.#options;
    const nodeRun = new NodeRun(scope, node);
    try {
      const produced = await produceValues({
        scope,
        plan,
        node,
        nodeRun,
        owner,
        lineage: base.lineage,
        manifests: this.#manifests,
        readValue: (source) => this.#readValue(source),
      });
      if (produced === null) {
        nodeRun.skip();
        return this.#record(node, {}, base);
      }
      await this.#recheck(node);
      const digests = chooseDigests(node, base, produced);
      let { outputs } = produced;
      if (this.#isKept(node)) {
        const artifact: Artifact = {
          fingerprint: digests.exact,
          lineage: digests.lineage,
          nodeType: node.type.description.type,
          outputs: writeOutputs(produced.outputs),
          contents: sortContents(produced.contents),
        };
        const kept = await artifacts.save(scope.workspace, artifact);
        if (nodeRun.hasDocumentErrors && node.role === 'artifact') {
          await artifacts.save(scope.workspace, { ...kept, fingerprint: await this.#digestIncomplete(node, base) });
        }
        outputs = readOutputs(kept);
      }
      nodeRun.succeed(summariseOutputs(node, outputs));
      return this.#record(node, outputs, digests);
    } catch (error) {
      nodeRun.fail(error);
      throw error;
    }
  }

  async #drain(node: PlannedNode): Promise<void> {
    const { scope, plan } = this.#options;
    await this.#base(node);
    await this.#demandValues(node);
    await readWhole({ scope, plan, node, manifests: this.#manifests, readValue: (source) => this.#readValue(source) });
  }

  /** What changed outside while it was being used makes the result worthless. */
  async #recheck(node: PlannedNode): Promise<void> {
    const { plan } = this.#options;
    const upstream = [...findUpstream(plan, [node.index])].flatMap((index) => plan.nodes[index] ?? []);
    const isChangeable = hasOwnContents(node) || node.role === 'artifact' || node.type.identify !== null;
    if (isChangeable) await this.#identities.recheck(upstream);
  }

  async #demandValues(node: PlannedNode): Promise<void> {
    await Promise.all(
      findNeededValues(this.#options.plan, node).map(async (source) => {
        const feeder = this.#options.plan.nodes[source.node];
        if (feeder !== undefined)
          await (isStatic(feeder, source.port) ? this.#demandStatic(feeder) : this.#value(feeder));
      }),
    );
  }

  async #demandStatic(node: PlannedNode): Promise<void> {
    const outputs = await this.#static(node);
    this.#settled.set(node.index, { ...this.#settled.get(node.index), ...outputs });
  }

  async #recordStatic(node: PlannedNode): Promise<void> {
    const outputs = await this.#static(node);
    const known = this.built[node.id];
    const fingerprint = digestStaticPort(node, '');
    this.built[node.id] = {
      nodeType: node.type.description.type,
      fingerprint: known?.fingerprint ?? fingerprint,
      lineage: known?.lineage ?? fingerprint,
      outputs: { ...known?.outputs, ...dropSkipped(outputs) },
    };
  }

  #readValue({ node, port }: PlannedSource): PortValue | undefined {
    return this.#settled.get(node)?.[port];
  }

  #record(node: PlannedNode, outputs: Outputs, digests: Digests, stale = false): Settled {
    if (this.#roots.has(node.index)) {
      const known = this.built[node.id];
      this.built[node.id] = {
        nodeType: node.type.description.type,
        fingerprint: digests.exact,
        lineage: digests.lineage,
        outputs: { ...known?.outputs, ...dropSkipped(outputs) },
        ...(stale && { stale }),
      };
    }
    return { outputs, digests };
  }

  /** Whether the store keeps it: artifacts, values that questions use, and whatever took reading documents. */
  #isKept(node: PlannedNode): boolean {
    if (node.type.description.effect === 'acts') return false;
    return node.role === 'artifact' || this.#roots.has(node.index) || hasOwnContents(node);
  }
}

/** Only where nothing may be made: the node's artifact is not there. Caught by whoever only looks, never shown. */
export class ArtifactMissing extends Error {
  /** Its path. */
  readonly node: string;

  constructor(node: string) {
    super(`No artifact for ${node}`);
    this.name = 'ArtifactMissing';
    this.node = node;
  }
}

/** What is made of a held artifact is made of that one, and not of what it would be by now. */
function digestHeld({ lineage }: Digests, { fingerprint }: Artifact): Digests {
  return { lineage, fingerprint, exact: fingerprint };
}

function describeStale({ title }: PlannedNode): NodeWarning {
  return {
    code: 'kept-stale',
    message: {
      en: `“${title.en}” was kept as it is, although its data has changed since. Ask for it to be made again to use the new data.`,
      ja: `「${title.ja}」は、元のデータが変わっていますが、前のものを引き続き使います。新しいデータを反映するには、つくり直しを指定してください。`,
    },
  };
}

function hasOwnContents(node: PlannedNode): boolean {
  const { role, inputs } = node;
  const reads = listsItself(node) || inputs.some(({ stream, sources }) => stream && sources.length > 0);
  return reads && (role === 'artifact' || role === 'value');
}

/** No longer to make than to look up. */
function isSource({ role, inputs, type }: PlannedNode): boolean {
  return role === 'value' && type.description.effect !== 'acts' && inputs.every(({ sources }) => sources.length === 0);
}

/** Reads something outside without saying what: only its values show whether that has changed. */
function isUnidentified({ role, type }: PlannedNode): boolean {
  return role === 'value' && type.description.effect === 'reads' && type.identify === null;
}

function chooseDigests(
  node: PlannedNode,
  base: Digests,
  { outputs, contents }: { readonly outputs: Outputs; readonly contents: readonly DocumentContent[] },
): Digests {
  if (!isUnidentified(node)) return addContents(node, base, hasOwnContents(node) ? contents : null);
  const fingerprint = hashJson({ digest: base.exact, outputs: writeOutputs(outputs) });
  return { lineage: base.lineage, fingerprint, exact: fingerprint };
}

function isStatic(node: PlannedNode, port: string): boolean {
  return node.outputs.some((output) => output.static && output.name === port);
}

function dropSkipped(outputs: Outputs): Readonly<Record<string, PortValue>> {
  return Object.fromEntries(
    Object.entries(outputs).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** Values that a build keeps are JSON by their kinds: only streams are not, and those are never kept. */
function writeOutputs(outputs: Outputs): Readonly<Record<string, JsonValue>> {
  return dropSkipped(outputs) as Readonly<Record<string, JsonValue>>;
}

/** The store gives back what `writeOutputs` gave it. */
function readOutputs({ outputs }: Artifact): Readonly<Record<string, PortValue>> {
  return outputs as Readonly<Record<string, PortValue>>;
}

function remember<T>(known: Map<number, Promise<T>>, index: number, make: () => Promise<T>): Promise<T> {
  const promise = known.get(index);
  if (promise !== undefined) return promise;
  const made = make();
  // Whoever asks gets the error; that nobody may ask is no reason to end the process.
  made.catch(() => undefined);
  known.set(index, made);
  return made;
}
