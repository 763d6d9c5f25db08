import type { JsonValue } from '@kumiki/flow';
import type { PortValue, StreamElement } from '@kumiki/node-sdk';
import { collectInputs } from './collect-inputs.ts';
import { type ErasedStream, isStream } from './erased-stream.ts';
import { type GpuHold, holdGpu } from './gpu-hold.ts';
import { addLoaderPath, type ReadDocument, removeLoaderPath } from './manifests.ts';
import { NodeRun } from './node-run.ts';
import { Permit } from './permit.ts';
import type { Plan, PlannedInput, PlannedNode, PlannedSource } from './plan.ts';
import type { RunScope } from './run-scope.ts';
import { isSampleFull, sampleItem } from './sample.ts';
import { StreamBuffer } from './streams.ts';

type Element = StreamElement<never>;

/** A node at work in a session, with a buffer for every wire that reads from it. */
type Stage = {
  readonly node: PlannedNode;
  readonly context: string;
  readonly nodeRun: NodeRun;
  readonly permit: Permit;
  readonly buffers: Map<string, StreamBuffer<Element>[]>;
  readonly streams: Map<string, ErasedStream>;
  readonly counts: Record<string, number>;
  readonly documentCounts: Record<string, number>;
  readonly samples: Record<string, JsonValue[]>;
};

export type StreamSessionOptions = {
  readonly scope: RunScope;
  readonly plan: Plan;
  /** A value that feeds a node on the way; all of them have been computed before a session begins. */
  readonly readValue: (source: PlannedSource) => PortValue | undefined;
  /** That of the node which reads: where it is stopped, whatever works for it is, and is not waited for. */
  readonly signal: AbortSignal;
  /** Told of every document that a loader really read, by its id with the loader's path. */
  readonly onRead: (loader: PlannedNode, id: string, document: ReadDocument) => void;
};

/**
 * The nodes that work while somebody pulls on a stream. Between any two of them stands a small buffer, so that loader,
 * chunker, embedder and index work at the same time; where two read the same stream, it goes at the slower's pace.
 */
export class StreamSession {
  readonly #options: StreamSessionOptions;
  readonly #stages: Stage[] = [];
  /** Documents that have failed, so that each error is told of once, where it happened. */
  readonly #failed = new Set<string>();
  readonly #working: Promise<void>[] = [];
  #closed = false;

  constructor(options: StreamSessionOptions) {
    this.#options = options;
    const { signal } = options;
    if (signal.aborted) this.close();
    else signal.addEventListener('abort', this.#stop, { once: true });
  }

  /** Opens what feeds an input: all of it, or only the documents with these ids. Nothing runs where there are none. */
  open(input: PlannedInput, ids: readonly string[] | 'all', permit: Permit | null): ErasedStream {
    if (this.#closed) throw new Error('A node reads on although it was stopped');
    if (ids !== 'all' && ids.length === 0) return emptyStream();
    const opened = new Map<string, Stage>();
    const buffer = this.#connect(input, '', opened);
    for (const stage of opened.values()) this.#connectInputs(stage, opened);
    for (const stage of opened.values()) {
      this.#stages.push(stage);
      this.#working.push(this.#work(stage, ids));
    }
    return readWithPermit(buffer, permit);
  }

  /** Ends whatever is still at work. The nodes are told by their signals and not waited for. */
  close(): void {
    this.#closed = true;
    this.#options.signal.removeEventListener('abort', this.#stop);
    this.#leave();
    for (const { nodeRun, permit } of this.#stages) {
      nodeRun.close();
      permit.close();
    }
  }

  readonly #stop = (): void => {
    for (const { nodeRun } of this.#stages) nodeRun.abort(this.#options.signal.reason);
    this.close();
  };

  #leave(): void {
    for (const { buffers } of this.#stages) for (const buffer of [...buffers.values()].flat()) void buffer.return();
  }

  /** Nobody reads on: lets every node come to its end, so that each is told of before what it was read for. */
  async finish(): Promise<void> {
    this.#leave();
    await Promise.all(this.#working);
  }

  /** One buffer for an input, written by all that feeds it: several wires are united in it. */
  #connect({ sources }: PlannedInput, context: string, opened: Map<string, Stage>): StreamBuffer<Element> {
    const buffer = new StreamBuffer<Element>(sources.length);
    for (const source of sources) {
      const key = `${context} ${source.node}`;
      const stage = opened.get(key) ?? this.#openStage(source.node, context);
      opened.set(key, stage);
      stage.buffers.set(source.port, [...(stage.buffers.get(source.port) ?? []), buffer]);
    }
    return buffer;
  }

  /**
   * A node with several streams may read one to its end before it looks at the next. Were they to share a node upstream,
   * that node would wait for both to be read, so each of them gets nodes of its own.
   */
  #connectInputs(stage: Stage, opened: Map<string, Stage>): void {
    const inputs = stage.node.inputs.filter(({ stream, sources }) => stream && sources.length > 0);
    for (const input of inputs) {
      const context = inputs.length > 1 ? `${stage.context}/${stage.node.id}.${input.name}` : stage.context;
      stage.streams.set(input.name, readWithPermit(this.#connect(input, context, opened), stage.permit));
    }
  }

  #openStage(index: number, context: string): Stage {
    const { scope, plan } = this.#options;
    const node = plan.nodes[index];
    if (node === undefined) throw new Error(`The plan has no node ${index}`);
    const nodeRun = new NodeRun(scope, node);
    const { signal } = nodeRun;
    const permit = new Permit({ resources: scope.resources, names: node.type.resources, priority: scope.kind, signal });
    return {
      node,
      context,
      nodeRun,
      permit,
      buffers: new Map(),
      streams: new Map(),
      counts: {},
      documentCounts: {},
      samples: {},
    };
  }

  async #work(stage: Stage, ids: readonly string[] | 'all'): Promise<void> {
    const { node, nodeRun, permit, buffers } = stage;
    const { scope } = this.#options;
    let held: GpuHold | null = null;
    try {
      await holdGpu(scope, nodeRun, node.type.resources, async (gpu) => {
        held = gpu;
        await this.#pumpAll(stage, ids, gpu);
      });
      // What came from the GPU is whole only once that was given back unlost.
      if (held !== null) for (const reader of [...buffers.values()].flat()) reader.close();
      const { counts, documentCounts, samples } = stage;
      nodeRun.succeed({ counts, documentCounts, samples });
    } catch (error) {
      const readers = [...buffers.values()].flat();
      // What nobody reads any more cannot fail anybody.
      if (readers.every(({ left }) => left)) nodeRun.close();
      scope.blame(error, node.id);
      nodeRun.fail(error);
      for (const reader of readers) reader.fail(error);
    } finally {
      for (const stream of stage.streams.values()) await stream[Symbol.asyncIterator]().return?.();
      permit.close();
    }
  }

  async #pumpAll(stage: Stage, ids: readonly string[] | 'all', gpu: GpuHold | null): Promise<void> {
    const { node, nodeRun, buffers } = stage;
    gpu?.onLost((reason) => {
      this.#options.scope.blame(reason, node.id);
      nodeRun.abort(reason);
      for (const reader of [...buffers.values()].flat()) reader.fail(reason);
    });
    const outputs = await this.#start(stage, ids);
    if (outputs === null) nodeRun.skip();
    await Promise.all(
      [...buffers].map(async ([port, readers]) => {
        const stream = outputs?.[port];
        if (isStream(stream)) await this.#pump(stage, port, stream, readers);
        if (gpu === null) for (const reader of readers) reader.close();
      }),
    );
  }

  /** The node's output streams, none of them read yet; null where the node is skipped. */
  async #start(
    { node, nodeRun, permit, streams }: Stage,
    ids: readonly string[] | 'all',
  ): Promise<Readonly<Record<string, PortValue | undefined>> | null> {
    const { behaviour } = node.type;
    const { settings } = node;
    if (behaviour.role === 'loader') {
      const own = ids === 'all' ? ids : ids.flatMap((id) => removeLoaderPath(node, id) ?? []);
      if (own.length === 0) return {};
      nodeRun.start();
      return { [behaviour.loads]: behaviour.read({ settings, ids: own, context: nodeRun }) };
    }
    if (behaviour.role !== 'run') throw new Error(`${node.id} cannot be read as a stream`);
    const call = collectInputs<PortValue>(node.inputs, ({ name, stream, sources }) => {
      if (stream) return streams.get(name);
      const [source] = sources;
      return source && this.#options.readValue(source);
    });
    if (call === null) return null;
    nodeRun.start();
    await permit.resume();
    try {
      return await behaviour.run({ settings, ...call, context: nodeRun });
    } finally {
      permit.pause();
    }
  }

  async #pump(
    stage: Stage,
    port: string,
    stream: ErasedStream,
    readers: readonly StreamBuffer<Element>[],
  ): Promise<void> {
    const iterator = stream[Symbol.asyncIterator]();
    try {
      for (;;) {
        await stage.permit.resume();
        let result: IteratorResult<Element>;
        try {
          result = await iterator.next();
        } finally {
          stage.permit.pause();
        }
        if (result.done === true) return;
        const element = this.#observe(stage, port, result.value);
        const kept = await Promise.all(readers.map((reader) => reader.push(element)));
        if (!kept.includes(true)) return;
      }
    } finally {
      await iterator.return?.();
    }
  }

  #observe({ node, nodeRun, counts, documentCounts, samples }: Stage, port: string, element: Element): Element {
    const seen = node.role === 'loader' ? addPath(node, element) : element;
    if ('error' in seen) {
      if (!this.#failed.has(seen.document.id)) nodeRun.recordDocumentError(seen.document.id, seen.error);
      this.#failed.add(seen.document.id);
      return seen;
    }
    if (node.role === 'loader') this.#options.onRead(node, seen.document.id, seen.document);
    counts[port] = (counts[port] ?? 0) + seen.items.length;
    documentCounts[port] = (documentCounts[port] ?? 0) + 1;
    samples[port] ??= [];
    for (const item of seen.items) {
      if (isSampleFull(samples[port])) break;
      samples[port].push(sampleItem(seen.document, item));
    }
    return seen;
  }
}

function addPath(loader: PlannedNode, element: Element): Element {
  const id = addLoaderPath(loader, element.document.id);
  return 'error' in element
    ? { document: { id, name: element.document.name }, error: element.error }
    : { ...element, document: { ...element.document, id } };
}

/** Puts the permit down while waiting for the next element. Gives the same iterator each time: a wire is read once. */
function readWithPermit(iterator: StreamBuffer<Element>, permit: Permit | null): ErasedStream {
  if (permit === null) return iterator;
  const reader: AsyncIterableIterator<Element, undefined> = {
    async next() {
      permit.pause();
      try {
        return await iterator.next();
      } finally {
        await permit.resume();
      }
    },
    async return() {
      await iterator.return();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]: () => reader,
  };
  return reader;
}

async function* emptyStream(): AsyncGenerator<never, undefined, undefined> {}
