import { defineNode, KumikiError, port, type Resource } from '@kumiki/node-sdk';
import { buildFlowDocument } from '@kumiki/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createResources, type RunEvent } from './index.ts';
import { TestBench } from './testing/bench.ts';
import { hastyClock } from './testing/hasty-clock.ts';

const words = (text: string) => ({ en: text, ja: text });
const limits = { cpu: 2, gpu: 1, network: 3, database: 1 } as const;
const resourceNames = ['cpu', 'network', 'database'] as const;
const inputNames = ['a', 'b', 'c'] as const;

/** What the random nodes did, and how many held each resource at once. */
class Watch {
  readonly started = new Map<string, number>();
  readonly held = { cpu: 0, gpu: 0, network: 0, database: 0 };
  readonly most = { cpu: 0, gpu: 0, network: 0, database: 0 };

  enter(node: string, names: readonly Resource[]): void {
    this.started.set(node, (this.started.get(node) ?? 0) + 1);
    for (const name of names) {
      this.held[name] += 1;
      this.most[name] = Math.max(this.most[name], this.held[name]);
    }
  }

  leave(names: readonly Resource[]): void {
    for (const name of names) this.held[name] -= 1;
  }
}

/** Does what its settings say after some turns of the event loop. */
function defineRandomNode(watch: Watch, resources: readonly Resource[], type: string) {
  return defineNode({
    type,
    version: 1,
    behaviour: 1,
    effect: 'pure',
    title: words('Random'),
    description: words('For tests.'),
    settings: z.object({
      does: z.enum(['answer', 'skip', 'fail', 'fail-once']).default('answer'),
      turns: z.int().default(0),
    }),
    settingTexts: { does: { title: words('Does') }, turns: { title: words('Turns') } },
    inputs: {
      a: port.text({ required: false }),
      b: port.text({ required: false }),
      c: port.text(),
    },
    outputs: { text: port.text() },
    resources,
    async run({ settings, context }) {
      watch.enter(context.node, resources);
      try {
        for (let turn = 0; turn < settings.turns; turn += 1) await Promise.resolve();
        const times = watch.started.get(context.node) ?? 0;
        if (settings.does === 'fail') throw new Error('on purpose');
        if (settings.does === 'fail-once' && times === 1) {
          throw new KumikiError({ code: 'once', message: words('Once.'), retryable: true });
        }
        return settings.does === 'skip' ? {} : { text: context.node };
      } finally {
        watch.leave(resources);
      }
    },
  });
}

const randomNode = fc.record({
  type: fc.integer({ min: 0, max: 3 }),
  does: fc.oneof(
    { weight: 6, arbitrary: fc.constant('answer') },
    { weight: 2, arbitrary: fc.constant('skip') },
    { weight: 1, arbitrary: fc.constant('fail-once') },
    { weight: 1, arbitrary: fc.constant('fail') },
  ),
  turns: fc.integer({ min: 0, max: 5 }),
  feeds: fc.array(fc.nat(), { minLength: 3, maxLength: 3 }),
  wires: fc.integer({ min: 1, max: 3 }),
});

type RandomNode = typeof randomNode extends fc.Arbitrary<infer Node> ? Node : never;

const types: readonly (readonly Resource[])[] = [[], ...resourceNames.map((name) => [name]), ['cpu', 'database']];

/** Every node takes its inputs from nodes before it; the last ones answer. */
function drawRandomly(nodes: readonly RandomNode[]) {
  const flow = buildFlowDocument().node('n0', 'input', { name: 'question' });
  for (const [place, { type, does, turns, feeds, wires }] of nodes.entries()) {
    const id = `n${place + 1}`;
    flow.node(id, `logic/random-${type}`, { does, turns });
    for (const name of inputNames.slice(3 - wires)) {
      const feeder = (feeds[inputNames.indexOf(name)] ?? 0) % (place + 1);
      flow.wire(`n${feeder}.${feeder === 0 ? 'value' : 'text'}`, `${id}.${name}`);
    }
    if (place % 3 === 0 || place === nodes.length - 1) {
      flow.node(`out${place}`, 'output', { name: `arm${place}` }).wire(`${id}.text`, `out${place}.value`);
    }
  }
  return flow.build();
}

async function askRandomly(nodes: readonly RandomNode[], cancelAt: number | null) {
  const watch = new Watch();
  const bench = new TestBench(
    ...types.map((resources, place) => defineRandomNode(watch, resources, `logic/random-${place}`)),
  );
  const controller = new AbortController();
  let events = 0;
  const asked = bench.ask(
    drawRandomly(nodes),
    { nodes: {}, identities: {} },
    { question: 'a' },
    {
      signal: controller.signal,
      resources: createResources(limits),
      clock: hastyClock,
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

describe('the scheduler', { timeout: 60_000 }, () => {
  it('ends every random flow once, each node at most once, within the limits', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(randomNode, { minLength: 1, maxLength: 25 }),
        fc.option(fc.integer({ min: 1, max: 40 })),
        async (nodes, cancelAt) => {
          const { result, events, watch } = await askRandomly(nodes, cancelAt);
          const ends = endsOf(events);
          expect([...ends.values()].every((states) => states.length === 1)).toBe(true);
          expect(events.filter(({ type }) => type === 'run-end')).toHaveLength(1);
          expect(events.at(-1)?.type).toBe('run-end');
          for (const [node, times] of watch.started) {
            const { does } = nodes[Number(node.slice(1)) - 1] ?? {};
            expect(times).toBeLessThanOrEqual(does === 'fail-once' ? 2 : 1);
          }
          for (const name of resourceNames) expect(watch.most[name]).toBeLessThanOrEqual(limits[name]);
          expect(watch.held).toEqual({ cpu: 0, gpu: 0, network: 0, database: 0 });

          const failures = [...ends.values()].flat().filter((state) => state === 'failed');
          if (result.state === 'failed') expect(failures.length).toBeGreaterThan(0);
          if (result.state === 'succeeded') {
            expect(failures).toHaveLength(0);
            const arms = Object.values(result.outputs).map(({ state }) => state);
            expect(arms.every((state) => state === 'answered' || state === 'skipped')).toBe(true);
          }
          if (cancelAt === null) expect(result.state).not.toBe('cancelled');
        },
      ),
      { numRuns: 150 },
    );
  });

  it('skips exactly what cannot run without what was skipped', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(randomNode, { minLength: 1, maxLength: 20 }), async (drawn) => {
        const nodes = drawn.map((node) => ({ ...node, does: node.does === 'skip' ? node.does : ('answer' as const) }));
        const { events } = await askRandomly(nodes, null);
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
    const { result } = await askRandomly(nodes, null);
    expect(result.state).toBe('succeeded');
  });
});
