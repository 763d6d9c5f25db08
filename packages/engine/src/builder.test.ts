import {
  type Document,
  defineArtifact,
  defineLoader,
  defineNode,
  KumikiError,
  type NodeType,
  port,
  type Resource,
  type Stream,
} from '@kumiki/node-sdk';
import { buildFlowDocument } from '@kumiki/testkit';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createResources } from './index.ts';
import { TestBench } from './testing/bench.ts';
import { hastyClock } from './testing/hasty-clock.ts';

const words = (text: string) => ({ en: text, ja: text });
const shared = { version: 1, behaviour: 1, description: words('For tests.'), title: words('Random') } as const;
const everyResource: readonly Resource[] = ['cpu', 'network', 'database'];
/** One of each: what holds one while it waits for another locks up at once. */
const limits = { cpu: 1, gpu: 1, network: 1, database: 1 } as const;

const conduct = z.object({
  documents: z.int().default(3),
  does: z.enum(['work', 'fail', 'fail-once', 'stop-early', 'work-ahead']).default('work'),
});
const conductTexts = { documents: { title: words('Documents') }, does: { title: words('Does') } };

/** Node types that put streams through all that nodes may do to them, with one node of each resource. */
function defineRandomNodes(): { nodeTypes: readonly NodeType[]; made: Map<string, number> } {
  const made = new Map<string, number>();
  const failed = new Set<string>();
  const failOnce = (node: string) => {
    if (failed.has(node)) return;
    failed.add(node);
    throw new KumikiError({ code: 'once', message: words('Once.'), retryable: true });
  };

  const loader = defineLoader({
    ...shared,
    type: 'load/random',
    settings: conduct,
    settingTexts: conductTexts,
    resources: ['cpu'],
    async list({ settings }) {
      return Array.from({ length: settings.documents }, (_, place) => ({
        id: `${place}`,
        name: `${place}`,
        identity: 'same',
        contentHash: `hash-${place}`,
      }));
    },
    async *read({ settings, ids, context }) {
      for (let place = 0; place < settings.documents; place += 1) {
        if (ids !== 'all' && !ids.includes(`${place}`)) continue;
        if (settings.does === 'fail' && place === 1) throw new Error('on purpose');
        if (settings.does === 'fail-once' && place === 1) failOnce(context.node);
        const head = { id: `${place}`, name: `${place}`, mediaType: 'text/plain', metadata: {} };
        yield { document: { ...head, contentHash: `hash-${place}` }, items: [{ text: 'a', headings: [], pages: [] }] };
      }
    },
  });

  const steps = everyResource.map((resource) =>
    defineNode({
      ...shared,
      type: `chunk/random-${resource}`,
      effect: 'pure',
      perDocument: true,
      settings: conduct,
      settingTexts: conductTexts,
      inputs: { documents: port.documents() },
      outputs: { documents: port.documents(), others: port.documents() },
      resources: [resource],
      async run({ settings, inputs, context }) {
        let read = 0;
        async function* pass(stream: Stream<Document>): Stream<Document> {
          for await (const element of stream) {
            read += 1;
            if (settings.does === 'fail' && read === 2) throw new Error('on purpose');
            if (settings.does === 'fail-once' && read === 2) failOnce(context.node);
            yield element;
            if (settings.does === 'stop-early') return;
          }
        }
        const documents = pass(inputs.documents);
        return { documents: settings.does === 'work-ahead' ? readAhead(documents) : documents };
      },
    }),
  );

  const artifact = defineArtifact({
    ...shared,
    type: 'index/random',
    effect: 'pure',
    settings: conduct,
    settingTexts: conductTexts,
    inputs: {
      first: port.documents(),
      second: port.documents({ required: false }),
      before: port.json({ required: false }),
    },
    outputs: { value: port.json() },
    resources: ['database'],
    async make({ settings, inputs, context }) {
      made.set(context.node, (made.get(context.node) ?? 0) + 1);
      const contents: { id: string; contentHash: string }[] = [];
      for (const source of [inputs.first, inputs.second]) {
        for await (const element of source?.read('all') ?? []) {
          if ('items' in element) contents.push({ id: element.document.id, contentHash: element.document.contentHash });
          if (settings.does === 'fail') throw new Error('on purpose');
          if (settings.does === 'fail-once') failOnce(context.node);
          if (settings.does === 'stop-early') break;
        }
      }
      return { outputs: { value: contents.length }, contents };
    },
  });
  return { nodeTypes: [loader, ...steps, artifact], made };
}

/** Asks for the next element before the last one was taken, as an embedder does. */
async function* readAhead<T>(stream: AsyncIterable<T>): AsyncGenerator<T, undefined, undefined> {
  const iterator = stream[Symbol.asyncIterator]();
  let next = iterator.next();
  try {
    for (;;) {
      const result = await next;
      if (result.done === true) return;
      next = iterator.next();
      next.catch(() => undefined);
      yield result.value;
    }
  } finally {
    await next.catch(() => undefined);
    await iterator.return?.();
  }
}

const does = fc.oneof(
  { weight: 8, arbitrary: fc.constant('work') },
  { weight: 2, arbitrary: fc.constantFrom('work-ahead', 'fail-once') },
  { weight: 1, arbitrary: fc.constantFrom('fail', 'stop-early') },
);
const loaders = fc.array(fc.record({ documents: fc.integer({ min: 0, max: 12 }), does }), {
  minLength: 1,
  maxLength: 3,
});
const steps = fc.array(
  fc.record({
    resource: fc.constantFrom(...everyResource),
    does,
    feeds: fc.uniqueArray(fc.nat(20), { minLength: 1, maxLength: 3 }),
  }),
  { maxLength: 6 },
);
const artifacts = fc.array(
  fc.record({
    does,
    first: fc.uniqueArray(fc.nat(20), { minLength: 1, maxLength: 3 }),
    second: fc.uniqueArray(fc.nat(20), { maxLength: 2 }),
    before: fc.option(fc.nat(20)),
  }),
  { minLength: 1, maxLength: 3 },
);

type Drawn = {
  readonly loaders: readonly { documents: number; does: string }[];
  readonly steps: readonly { resource: Resource; does: string; feeds: readonly number[] }[];
  readonly artifacts: readonly {
    does: string;
    first: readonly number[];
    second: readonly number[];
    before: number | null;
  }[];
};

/** Every node takes its streams from nodes before it, so that paths part and meet again. */
function drawRandomly(drawn: Drawn) {
  const flow = buildFlowDocument();
  const streams: string[] = [];
  const connect = (feeds: readonly number[], to: string, among: readonly string[]) => {
    for (const feed of new Set(feeds.map((wish) => wish % among.length))) flow.wire(`${among[feed]}.documents`, to);
  };
  for (const [place, { documents, does: conducts }] of drawn.loaders.entries()) {
    flow.node(`load${place}`, 'load/random', { documents, does: simplify(conducts, ['fail', 'fail-once']) });
    streams.push(`load${place}`);
  }
  for (const [place, { resource, does: conducts, feeds }] of drawn.steps.entries()) {
    flow.node(`step${place}`, `chunk/random-${resource}`, { does: conducts });
    connect(feeds, `step${place}.documents`, [...streams]);
    streams.push(`step${place}`);
  }
  for (const [place, { does: conducts, first, second, before }] of drawn.artifacts.entries()) {
    const id = `index${place}`;
    flow.node(id, 'index/random', { does: simplify(conducts, ['fail', 'fail-once', 'stop-early']) });
    connect(first, `${id}.first`, streams);
    if (second.length > 0) connect(second, `${id}.second`, streams);
    if (before !== null && place > 0) flow.wire(`index${before % place}.value`, `${id}.before`);
  }
  return flow.build();
}

function simplify(conducts: string, known: readonly string[]): string {
  return known.includes(conducts) ? conducts : 'work';
}

describe('a build of a random flow', () => {
  it('ends, frees what it held, and does nothing the second time', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ loaders, steps, artifacts }),
        fc.option(fc.integer({ min: 1, max: 30 })),
        async (drawn, cancelAt) => {
          const { nodeTypes, made } = defineRandomNodes();
          const bench = new TestBench(...nodeTypes);
          const document = drawRandomly(drawn);
          const resources = createResources(limits);
          const controller = new AbortController();
          let told = 0;
          const { result, events } = await bench.build(document, {
            resources,
            clock: hastyClock,
            attempts: 20,
            signal: controller.signal,
            onEvent() {
              told += 1;
              if (told === cancelAt) controller.abort();
            },
          });
          expect(events.filter(({ type }) => type === 'run-end')).toHaveLength(1);
          expect(events.at(-1)).toMatchObject({ type: 'run-end', state: result.state });
          // A node that was stopped holds what it has until it heeds its signal, which is not waited for.
          await vi.waitFor(() => expect(resources.tryAcquire(everyResource)).toBe(true));
          const states = events.flatMap((event) => (event.type === 'node-end' ? [event.state] : []));
          if (result.state === 'failed') expect(states.filter((state) => state === 'failed').length).toBeGreaterThan(0);
          if (result.state !== 'succeeded') return;

          // Only an attempt that failed may have left nodes without an end of their own.
          const ends = new Map(
            events.flatMap((event) => (event.type === 'node-end' ? [[event.node, event.state]] : [])),
          );
          const early = [...drawn.steps, ...drawn.artifacts].some((node) => node.does === 'stop-early');
          // Of two that are the same, the second finds what the first has made.
          if (!early) {
            expect([...ends.values()].filter((state) => state !== 'succeeded' && state !== 'reused')).toEqual([]);
            const fingerprints = Object.values(result.build.nodes).map(({ fingerprint }) => fingerprint);
            const succeeded = Object.keys(result.build.nodes).filter((node) => ends.get(node) === 'succeeded');
            expect(succeeded).toHaveLength(new Set(fingerprints).size);
          }
          const before = new Map(made);
          const again = await bench.build(document, { clock: hastyClock });
          expect(again.result.state).toBe('succeeded');
          // What stops early has read less than was listed, so it is looked at again.
          if (!early) expect(made).toEqual(before);
          if (!early) expect(again.build).toEqual(result.build);
        },
      ),
      {
        numRuns: 200,
        examples: [
          // Two indexes that were the same were both made.
          [
            {
              loaders: [{ documents: 0, does: 'work' }],
              steps: [],
              artifacts: [
                { does: 'work', first: [0], second: [], before: null },
                { does: 'work', first: [0], second: [0], before: 0 },
                { does: 'work', first: [0], second: [0], before: 0 },
              ],
            },
            null,
          ],
          // A document that came in by two wires was counted twice in what was kept, and once in what was listed.
          [
            {
              loaders: [{ documents: 1, does: 'work' }],
              steps: [],
              artifacts: [
                { does: 'work', first: [0], second: [0], before: null },
                { does: 'work', first: [0], second: [], before: null },
              ],
            },
            null,
          ],
          // A node that was stopped opened its second stream all the same.
          [
            {
              loaders: [{ documents: 1, does: 'work' }],
              steps: [],
              artifacts: [
                { does: 'fail', first: [0], second: [], before: null },
                { does: 'work', first: [0], second: [0], before: null },
                { does: 'work', first: [0], second: [], before: 0 },
              ],
            },
            null,
          ],
          // Nodes that streamed into one that was stopped ended after the run.
          [
            {
              loaders: [
                { documents: 0, does: 'work' },
                { documents: 1, does: 'work' },
              ],
              steps: [
                { resource: 'cpu', does: 'work', feeds: [0] },
                { resource: 'cpu', does: 'work', feeds: [0] },
              ],
              artifacts: [
                { does: 'fail', first: [1], second: [14, 0], before: null },
                { does: 'work', first: [6], second: [5], before: null },
              ],
            },
            null,
          ],
        ],
      },
    );
  });
});
