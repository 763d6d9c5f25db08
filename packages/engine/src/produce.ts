import type { DocumentContent, DocumentSource, PortValue, PulledPortValues } from '@kumiki/node-sdk';
import { runAttempts } from './attempt.ts';
import { collectInputs } from './collect-inputs.ts';
import { isValue } from './erased-stream.ts';
import { holdGpu } from './gpu-hold.ts';
import { listsItself, type Manifests, type ReadDocument } from './manifests.ts';
import { NodeRun } from './node-run.ts';
import { Permit } from './permit.ts';
import type { Plan, PlannedInput, PlannedNode, PlannedSource } from './plan.ts';
import type { RunScope } from './run-scope.ts';
import { StreamSession } from './stream-session.ts';

export type ProduceOptions = {
  readonly scope: RunScope;
  readonly plan: Plan;
  readonly node: PlannedNode;
  readonly manifests: Manifests;
  readonly readValue: (source: PlannedSource) => PortValue | undefined;
};

export type Produced = {
  readonly outputs: Readonly<Record<string, PortValue | undefined>>;
  readonly contents: readonly DocumentContent[];
};

/** An input that pulls: nothing upstream runs before it is read. */
type Source = DocumentSource<never>;

type PulledValue = PulledPortValues[keyof PulledPortValues];

/**
 * Lets one node make its values: its streams are opened as it reads them. A retryable error, of its own or of a node
 * that streams into it, starts it anew; an index then asks only for the documents that it does not hold yet. Null where
 * the node is skipped.
 */
export async function produceValues(
  options: ProduceOptions & { readonly nodeRun: NodeRun; readonly owner: string; readonly lineage: string },
): Promise<Produced | null> {
  const { scope, node, nodeRun, manifests } = options;
  const sources = await openSources(node, manifests);
  const read = new ReadContents(manifests);
  const rebuildsWhole = [...sources.values()].some(({ manifest }) => manifest === null);
  const produce = async (): Promise<Produced | null> => {
    const { signal } = nodeRun;
    const session = new StreamSession({ ...options, signal, onRead: read.add });
    const names = node.type.resources;
    const permit = new Permit({ resources: scope.resources, names, priority: scope.kind, signal });
    const putDown = () => permit.close();
    signal.addEventListener('abort', putDown, { once: true });
    try {
      await permit.resume();
      const made = await callNode({ ...options, session, permit, sources });
      if (made === null) return null;
      permit.close();
      await session.finish();
      if (listsItself(node)) for (const { id, contentHash } of made.contents ?? []) read.add(node, id, { contentHash });
      return {
        outputs: made.outputs,
        contents: rebuildsWhole || made.contents === null ? read.contents : made.contents,
      };
    } finally {
      signal.removeEventListener('abort', putDown);
      permit.close();
      session.close();
    }
  };
  try {
    const { resources } = node.type;
    return await holdGpu(scope, nodeRun, resources, (gpu) => runAttempts(scope, nodeRun, produce, gpu));
  } finally {
    await read.record();
  }
}

/** Reads all that a node streams, for a person who wants to see what it does. */
export async function readWhole(options: ProduceOptions): Promise<void> {
  const { scope, node, manifests } = options;
  const port = node.outputs.find(({ stream }) => stream)?.name;
  if (port === undefined) return;
  const read = new ReadContents(manifests);
  const input: PlannedInput = {
    name: port,
    variable: false,
    required: true,
    acceptsSkipped: false,
    stream: true,
    kind: 'documents',
    sources: [{ node: node.index, port, time: 'build' }],
  };
  try {
    const reader = new NodeRun(scope, node);
    await runAttempts(scope, reader, async () => {
      const session = new StreamSession({ ...options, signal: reader.signal, onRead: read.add });
      try {
        for await (const _element of session.open(input, 'all', null)) {
          // Reading is all there is to do: the session counts and samples what passes.
        }
        await session.finish();
      } finally {
        session.close();
      }
    });
  } finally {
    await read.record();
  }
}

type Call = ProduceOptions & {
  readonly nodeRun: NodeRun;
  readonly owner: string;
  readonly lineage: string;
  readonly session: StreamSession;
  readonly permit: Permit;
  readonly sources: ReadonlyMap<string, { readonly manifest: Source['manifest'] }>;
};

async function callNode(
  call: Call,
): Promise<{ outputs: Produced['outputs']; contents: readonly DocumentContent[] | null } | null> {
  const { node, nodeRun, session, permit, sources, readValue, owner, lineage } = call;
  const { behaviour } = node.type;
  const { settings } = node;
  const readInput = ({ sources: [source] }: PlannedInput) => source && readValue(source);
  if (behaviour.role === 'run') {
    const collected = collectInputs<PortValue>(node.inputs, (input) =>
      input.stream ? session.open(input, 'all', permit) : readInput(input),
    );
    if (collected === null) return null;
    nodeRun.start();
    const outputs = await behaviour.run({ settings, ...collected, context: nodeRun });
    return { outputs, contents: null };
  }
  if (behaviour.role !== 'artifact') throw new Error(`${node.id} makes no values`);
  const collected = collectInputs<PulledValue>(node.inputs, (input) => {
    if (!input.stream) {
      const value = readInput(input);
      return isValue(value) ? value : undefined;
    }
    const manifest = sources.get(input.name)?.manifest ?? null;
    return { manifest, read: (ids) => session.open(input, ids, permit) };
  });
  if (collected === null) return null;
  nodeRun.start();
  const { inputs } = collected;
  return await behaviour.make({ settings, inputs, lineage, owner, context: nodeRun });
}

async function openSources(
  node: PlannedNode,
  manifests: Manifests,
): Promise<ReadonlyMap<string, { readonly manifest: Source['manifest'] }>> {
  const inputs = node.inputs.filter(({ stream, sources }) => stream && sources.length > 0);
  const opened = await Promise.all(
    inputs.map(async (input) => [input.name, { manifest: await manifests.unite(input) }] as const),
  );
  return new Map(opened);
}

/** Collects what the loaders really read, over all attempts. */
class ReadContents {
  readonly #manifests: Manifests;
  readonly #documents = new Map<PlannedNode, Map<string, ReadDocument>>();

  constructor(manifests: Manifests) {
    this.#manifests = manifests;
  }

  readonly add = (loader: PlannedNode, id: string, document: ReadDocument): void => {
    const documents = this.#documents.get(loader) ?? new Map<string, ReadDocument>();
    this.#documents.set(loader, documents.set(id, document));
  };

  get contents(): readonly DocumentContent[] {
    return [...this.#documents.values()].flatMap((documents) =>
      [...documents].map(([id, { contentHash }]) => ({ id, contentHash })),
    );
  }

  async record(): Promise<void> {
    await Promise.all([...this.#documents].map(([loader, documents]) => this.#manifests.record(loader, documents)));
  }
}
