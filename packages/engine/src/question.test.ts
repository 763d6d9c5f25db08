import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createResources, type ResourceLimits, type Resources, type RunEvent } from './index.ts';
import { TestBench } from './testing/bench.ts';
import {
  defineRandomNodes,
  drawRandomly,
  impatientClock,
  type RandomNode,
  randomNode,
  resourceNames,
  Watch,
} from './testing/random-flow.ts';

const limits = { cpu: 2, gpu: 1, network: 3, database: 1 } as const;
const upToThree = fc.integer({ min: 1, max: 3 });

type Asking = { readonly cancelAt?: number | null; readonly resources?: Resources; readonly watch?: Watch };

async function askRandomly(nodes: readonly RandomNode[], asking: Asking = {}) {
  const { cancelAt = null, watch = new Watch(), resources = createResources(limits) } = asking;
  const bench = new TestBench(...defineRandomNodes(watch));
  const controller = new AbortController();
  let events = 0;
  const asked = bench.ask(
    drawRandomly(nodes),
    { nodes: {}, identities: {} },
    { question: 'a' },
    {
      signal: controller.signal,
      resources,
      clock: impatientClock,
      onEvent() {
        events += 1;
        if (events === cancelAt) controller.abort();
      },
    },
  );
  return { ...(await asked), watch };
}

function endsOf(events: readonly RunEvent[]): Map<string, string[]> {
  const ends = new Map<string, string[]>();
  for (const event of events) {
    if (event.type === 'node-end') ends.set(event.node, [...(ends.get(event.node) ?? []), event.state]);
  }
  return ends;
}

/** What holds whatever a flow does: every node ends once, is begun once for each attempt, and the run ends once. */
function expectOrder(nodes: readonly RandomNode[], { result, events, watch }: Awaited<ReturnType<typeof askRandomly>>) {
  const ends = endsOf(events);
  expect([...ends.values()].every((states) => states.length === 1)).toBe(true);
  const started = events.flatMap((event) => (event.type === 'node-start' ? [event.node] : []));
  expect(started).toHaveLength(new Set(started).size);
  expect(started.filter((node) => !ends.has(node))).toEqual([]);
  expect(events.filter(({ type }) => type === 'run-end')).toHaveLength(1);
  expect(events.at(-1)).toMatchObject({ type: 'run-end', state: result.state });
  for (const [node, times] of watch.started) {
    const { does } = nodes[Number(node.slice(1)) - 1] ?? {};
    expect(times).toBeLessThanOrEqual(does === 'fail-once' ? 2 : 1);
  }
}

/** Everything was put down, as often as it was taken up. */
function expectFree(resources: Resources, all: ResourceLimits): void {
  for (const name of resourceNames) {
    for (let place = 0; place < all[name]; place += 1) expect(resources.tryAcquire([name])).toBe(true);
    expect(resources.tryAcquire([name])).toBe(false);
  }
}

describe('the scheduler', { timeout: 60_000 }, () => {
  it('ends every random flow once, each node at most once, within the limits', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(randomNode, { minLength: 1, maxLength: 25 }),
        fc.option(fc.integer({ min: 1, max: 40 })),
        fc.record({ cpu: upToThree, gpu: fc.constant(1), network: upToThree, database: upToThree }),
        async (nodes, cancelAt, drawnLimits) => {
          const resources = createResources(drawnLimits);
          const asked = await askRandomly(nodes, { cancelAt, resources });
          const { result, events, watch } = asked;
          expectOrder(nodes, asked);
          for (const name of resourceNames) expect(watch.most[name]).toBeLessThanOrEqual(drawnLimits[name]);
          expect(watch.held).toEqual({ cpu: 0, gpu: 0, network: 0, database: 0 });
          expectFree(resources, drawnLimits);

          const failures = [...endsOf(events).values()].flat().filter((state) => state === 'failed');
          if (result.state === 'failed') expect(failures.length).toBeGreaterThan(0);
          if (result.state === 'succeeded') {
            expect(failures).toHaveLength(0);
            const arms = Object.values(result.outputs).map(({ state }) => state);
            expect(arms.every((state) => state === 'answered' || state === 'skipped')).toBe(true);
          }
          if (cancelAt === null) expect(result.state).not.toBe('cancelled');
        },
      ),
      { numRuns: 200 },
    );
  });

  it('shares the limits among runs whose nodes heed their signals, and none keeps another from its end', async () => {
    const flow = fc.record({
      nodes: fc.array(randomNode, { minLength: 1, maxLength: 10 }),
      cancelAt: fc.option(fc.integer({ min: 1, max: 20 })),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(flow, { minLength: 2, maxLength: 4 }), async (flows) => {
        const tight = { cpu: 1, gpu: 1, network: 1, database: 1 };
        const resources = createResources(tight);
        const all = new Watch();
        const asked = await Promise.all(
          flows.map(async ({ nodes, cancelAt }) => {
            const one = await askRandomly(nodes, { cancelAt, resources, watch: all });
            return { nodes, one };
          }),
        );
        // Nodes have the same names in all of them, so only what each run told is looked at, not who began how often.
        for (const { nodes, one } of asked) expectOrder(nodes, { ...one, watch: new Watch() });
        for (const name of resourceNames) expect(all.most[name]).toBeLessThanOrEqual(1);
        expectFree(resources, tight);
      }),
      { numRuns: 60 },
    );
  });

  it('skips exactly what cannot run without what was skipped', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(randomNode, { minLength: 1, maxLength: 20 }), async (drawn) => {
        const nodes = drawn.map((node) => ({ ...node, does: node.does === 'skip' ? node.does : ('answer' as const) }));
        const { events } = await askRandomly(nodes);
        const ends = endsOf(events);
        const document = drawRandomly(nodes);
        const gaveText = new Map([['n0', true]]);
        for (const [place, { does }] of nodes.entries()) {
          const id = `n${place + 1}`;
          const end = ends.get(id)?.[0];
          if (end === undefined) continue;
          const wires = document.edges.filter(({ to }) => to.startsWith(`${id}.`));
          const given = (port: string) =>
            wires.some(({ from, to }) => to === `${id}.${port}` && gaveText.get(from.split('.')[0] ?? ''));
          // `c` is required; it is always wired.
          expect(end).toBe(given('c') ? 'succeeded' : 'skipped');
          gaveText.set(id, given('c') && does === 'answer');
        }
      }),
      { numRuns: 100 },
    );
  });

  it('takes a chain of a thousand nodes without growing the stack', async () => {
    const nodes = Array.from({ length: 1_000 }, (_, place) => ({
      type: 0,
      does: 'answer' as const,
      turns: 0,
      feeds: [0, 0, place],
      wires: 1,
    }));
    const { result } = await askRandomly(nodes);
    expect(result.state).toBe('succeeded');
  });
});
