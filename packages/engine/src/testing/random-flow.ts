import { defineNode, KumikiError, port, type Resource } from '@kumiki/node-sdk';
import { buildFlowDocument } from '@kumiki/testkit';
import fc from 'fast-check';
import { z } from 'zod';
import type { Clock } from '../clock.ts';

const words = (text: string) => ({ en: text, ja: text });
export const resourceNames = ['cpu', 'network', 'database'] as const;
const inputNames = ['a', 'b', 'c'] as const;

/** What the random nodes did, and how many held each resource at once. */
export class Watch {
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
      does: z.enum(['answer', 'skip', 'fail', 'fail-once', 'hang', 'hang-deaf']).default('answer'),
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
      let left = false;
      try {
        for (let turn = 0; turn < settings.turns; turn += 1) {
          await Promise.resolve();
          // One that does not heed its signal gives its resources to the next all the same, and then two work at once.
          context.signal.throwIfAborted();
        }
        const times = watch.started.get(context.node) ?? 0;
        if (settings.does === 'hang') await waitForAbort(context.signal);
        // Nobody can make it stop, but it must keep nobody from ending.
        if (settings.does === 'hang-deaf') {
          watch.leave(resources);
          left = true;
          await new Promise(() => undefined);
        }
        if (settings.does === 'fail') throw new Error('on purpose');
        if (settings.does === 'fail-once' && times === 1) {
          throw new KumikiError({ code: 'once', message: words('Once.'), retryable: true });
        }
        return settings.does === 'skip' ? {} : { text: context.node };
      } finally {
        if (!left) watch.leave(resources);
      }
    },
  });
}

function waitForAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

export const randomNode = fc.record({
  type: fc.integer({ min: 0, max: 3 }),
  does: fc.oneof(
    { weight: 6, arbitrary: fc.constant('answer') },
    { weight: 2, arbitrary: fc.constant('skip') },
    { weight: 1, arbitrary: fc.constant('fail-once') },
    { weight: 1, arbitrary: fc.constantFrom('fail', 'hang', 'hang-deaf') },
  ),
  turns: fc.integer({ min: 0, max: 5 }),
  feeds: fc.array(fc.nat(), { minLength: 3, maxLength: 3 }),
  wires: fc.integer({ min: 1, max: 3 }),
});

export type RandomNode = typeof randomNode extends fc.Arbitrary<infer Node> ? Node : never;

const types: readonly (readonly Resource[])[] = [[], ...resourceNames.map((name) => [name]), ['cpu', 'database']];

/** Every node takes its inputs from nodes before it; the last ones answer. */
export function drawRandomly(nodes: readonly RandomNode[]) {
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

/** The types that a random flow is drawn with. */
export function defineRandomNodes(watch: Watch) {
  return types.map((resources, place) => defineRandomNode(watch, resources, `logic/random-${place}`));
}

/**
 * Pauses are over at once, and so is any other wait, but only once everything has come to rest: random nodes work in
 * turns of the event loop's smallest kind, so that only one that hangs is still there then.
 */
export const impatientClock: Clock = {
  now: () => 0,
  random: () => 0,
  schedule(milliseconds, callback) {
    if (milliseconds < 60_000) {
      queueMicrotask(callback);
      return () => undefined;
    }
    const timer = setImmediate(callback);
    return () => clearImmediate(timer);
  },
};
