import { buildFlowDocument } from '@kumiki/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Build, RunEvent, RunResult } from './index.ts';
import { TestBench } from './testing/bench.ts';
import {
  defineRandomNodes,
  drawRandomly,
  impatientClock,
  type RandomNode,
  randomNode,
  Watch,
} from './testing/random-flow.ts';

const empty: Build = { nodes: {}, identities: {} };
const limits = { clock: impatientClock };

/** The last arm of a random flow: what leads to it is most of the flow. */
function lastArm(nodes: readonly RandomNode[]): string {
  return `arm${nodes.length - 1}`;
}

async function askAlone(nodes: readonly RandomNode[], watch = new Watch()) {
  const bench = new TestBench(...defineRandomNodes(watch));
  return await bench.ask(drawRandomly(nodes), empty, { question: 'a' }, { ...limits, output: lastArm(nodes) });
}

function openOuter(nodes: readonly RandomNode[], watch = new Watch()): TestBench {
  const bench = new TestBench(...defineRandomNodes(watch));
  bench.freeze('inner', 1, drawRandomly(nodes));
  return bench;
}

/** What an arm said, with the paths of nodes as they are in the flow itself. */
function readAnswer(result: RunResult, arm: string): unknown {
  if (result.state !== 'succeeded') return result.state;
  const answer = result.outputs[arm];
  return answer?.state === 'answered' ? String(answer.value).replaceAll(/\w+\//g, '') : answer?.state;
}

function listEnds(events: readonly RunEvent[], path = ''): readonly string[] {
  const ends = events.flatMap((event) => (event.type === 'node-end' ? [`${event.node} ${event.state}`] : []));
  const inside = ends.filter((end) => end.startsWith(path)).map((end) => end.slice(path.length));
  return inside.filter((end) => /^n[1-9]/.test(end)).toSorted();
}

describe('a random flow within another', { timeout: 60_000 }, () => {
  it('answers and skips as it does alone, and its nodes end in the same ways', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(randomNode, { minLength: 1, maxLength: 15 }), async (nodes) => {
        const alone = await askAlone(nodes);
        const outer = buildFlowDocument()
          .node('q', 'input', { name: 'q' })
          .node('inner', 'logic/subflow', { flow: 'inner', version: 1, output: lastArm(nodes) })
          .node('reply', 'output', { name: 'reply' })
          .wire('q.value', 'inner.question')
          .wire('inner.value', 'reply.value')
          .build();
        const within = await openOuter(nodes).ask(outer, empty, { q: 'a' }, limits);
        expect(readAnswer(within.result, 'reply')).toEqual(readAnswer(alone.result, lastArm(nodes)));
        if (alone.result.state === 'succeeded') {
          expect(listEnds(within.events, 'inner/')).toEqual(listEnds(alone.events));
        }
      }),
      { numRuns: 120 },
    );
  });

  it('asked for every item, answers each as it does alone, or ends the run once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(randomNode, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 5 }),
        fc.option(fc.integer({ min: 1, max: 40 })),
        async (drawn, items, cancelAt) => {
          // Whether something fails for the first time only is for the whole run, not for each item.
          const nodes = drawn.map((node) => ({
            ...node,
            does: node.does === 'fail-once' ? ('answer' as const) : node.does,
          }));
          const alone = await askAlone(nodes);
          const watch = new Watch();
          const outer = buildFlowDocument()
            .node('text', 'input', { name: 'text' })
            .node('each', 'logic/each-word', { flow: 'inner', version: 1, output: lastArm(nodes) })
            .node('reply', 'output', { name: 'reply' })
            .wire('text.value', 'each.words')
            .wire('each.results', 'reply.value')
            .build();
          const controller = new AbortController();
          let told = 0;
          const words = Array.from({ length: items }, (_, place) => `w${place}`).join(' ');
          const { result, events } = await openOuter(nodes, watch).ask(
            outer,
            empty,
            { text: words },
            {
              ...limits,
              signal: controller.signal,
              onEvent() {
                told += 1;
                if (told === cancelAt) controller.abort();
              },
            },
          );
          expect(events.filter(({ type }) => type === 'run-end')).toHaveLength(1);
          expect(events.at(-1)).toMatchObject({ type: 'run-end', state: result.state });
          expect(watch.held).toEqual({ cpu: 0, gpu: 0, network: 0, database: 0 });
          for (const times of watch.started.values()) expect(times).toBeLessThanOrEqual(items);
          const begun = events.filter(({ type }) => type === 'node-start').length;
          const ended = events.filter(({ type }) => type === 'node-end').length;
          expect(ended).toBeGreaterThanOrEqual(begun);
          if (cancelAt !== null) return;
          const expected = readAnswer(alone.result, lastArm(nodes));
          const each = expected === 'skipped' ? '-' : expected;
          expect(readAnswer(result, 'reply')).toBe(
            alone.result.state === 'succeeded' ? Array.from({ length: items }, () => each).join(' ') : 'failed',
          );
        },
      ),
      {
        numRuns: 120,
        examples: [
          // What was asked for other items went on after the run had ended, when one of them failed.
          [
            [
              { type: 1, does: 'answer', turns: 2, feeds: [0, 0, 0], wires: 1 },
              { type: 0, does: 'fail', turns: 0, feeds: [0, 98911155, 0], wires: 2 },
            ],
            5,
            null,
          ],
        ],
      },
    );
  });
});
