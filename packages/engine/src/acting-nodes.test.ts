import { defineArtifact, defineNode, KumikiError, port } from '@kumiki/node-sdk';
import { buildFlowDocument, didRun, findEndState } from '@kumiki/testkit';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Build } from './index.ts';
import { TestBench } from './testing/bench.ts';
import { hastyClock } from './testing/hasty-clock.ts';

const empty: Build = { nodes: {}, identities: {} };
const words = (text: string) => ({ en: text, ja: text });
const shared = {
  version: 1,
  behaviour: 1,
  title: words('Act'),
  description: words('For tests.'),
  settings: z.object({}),
  settingTexts: {},
} as const;

/** Writes down the key of every attempt, and fails as often as it is told. */
function openActingBench(failures = 0) {
  const keys: string[] = [];
  let left = failures;
  const act = defineNode({
    ...shared,
    type: 'logic/act',
    effect: 'acts',
    inputs: { text: port.text({ required: false }) },
    outputs: { text: port.text() },
    async run({ inputs, context }) {
      keys.push(context.idempotencyKey);
      left -= 1;
      if (left >= 0) throw new KumikiError({ code: 'web-unreachable', retryable: true, message: words('Away.') });
      return { text: `done ${inputs.text}` };
    },
  });
  const keep = defineArtifact({
    ...shared,
    type: 'index/keep',
    effect: 'pure',
    inputs: { text: port.text() },
    outputs: { value: port.json() },
    make: async () => ({ outputs: { value: 1 }, contents: [] }),
  });
  return { bench: new TestBench(act, keep), keys };
}

/** Two arms; the act hangs on the branch for cats and feeds neither. */
const drawSideEffect = () =>
  buildFlowDocument()
    .node('question', 'input', { name: 'question' })
    .node('if', 'logic/if', { contains: '猫' })
    .node('act', 'logic/act')
    .node('one', 'output', { name: 'one' })
    .node('two', 'output', { name: 'two' })
    .wire('question.value', 'if.value')
    .wire('if.yes', 'act.text')
    .wire('question.value', 'one.value')
    .wire('question.value', 'two.value')
    .build();

/** The act's result is the answer of one arm of two. */
const drawActingArm = () =>
  buildFlowDocument()
    .node('question', 'input', { name: 'question' })
    .node('act', 'logic/act')
    .node('one', 'output', { name: 'one' })
    .node('two', 'output', { name: 'two' })
    .wire('question.value', 'act.text')
    .wire('act.text', 'one.value')
    .wire('question.value', 'two.value')
    .build();

it('what acts gets the same key for every attempt, and another for every question', async () => {
  const { bench, keys } = openActingBench(2);
  const ask = () => bench.ask(drawActingArm(), empty, { question: '猫' }, { output: 'one', clock: hastyClock });
  expect((await ask()).result).toMatchObject({ outputs: { one: { value: 'done 猫' } } });
  await ask();
  expect(keys).toEqual(['run-1/act', 'run-1/act', 'run-1/act', 'run-2/act']);
});

it('what acts is never cached: every question acts, and every build', async () => {
  const { bench, keys } = openActingBench();
  const document = buildFlowDocument().node('act', 'logic/act').build();
  const first = await bench.build(document);
  const second = await bench.build(document);
  expect([first, second].map(({ events }) => findEndState(events, 'act'))).toEqual(['succeeded', 'succeeded']);
  expect([keys.length, bench.artifacts.size]).toEqual([2, 0]);
});

it('what acts and feeds no answer runs with every question, whichever arm that is for', async () => {
  const { bench } = openActingBench();
  for (const output of ['one', 'two', undefined]) {
    const target = output === undefined ? {} : { output };
    const { events, result } = await bench.ask(drawSideEffect(), empty, { question: '猫' }, target);
    expect(result.state).toBe('succeeded');
    expect(didRun(events, 'act')).toBe(true);
  }
  const { events } = await bench.ask(drawSideEffect(), empty, { question: '犬' });
  expect(findEndState(events, 'act')).toBe('skipped');
});

it('what acts for one arm does not run for another', async () => {
  const { bench, keys } = openActingBench();
  await bench.ask(drawActingArm(), empty, { question: '猫' }, { output: 'two' });
  expect(keys).toEqual([]);
});

it('a question that fails because what acts failed says so', async () => {
  const { bench } = openActingBench(9);
  const { result } = await bench.ask(drawSideEffect(), empty, { question: '猫' }, { clock: hastyClock });
  expect(result).toMatchObject({ state: 'failed', error: { code: 'web-unreachable', node: 'act' } });
});

it('what acts feeds nothing at build time', () => {
  const { bench } = openActingBench();
  const document = buildFlowDocument()
    .node('act', 'logic/act')
    .node('keep', 'index/keep')
    .wire('act.text', 'keep.text')
    .build();
  expect(() => bench.plan(document)).toThrow(
    expect.objectContaining({
      problems: expect.arrayContaining([expect.objectContaining({ code: 'acts-at-build-time' })]),
    }),
  );
});

it('what acts is refused in experiments, before anything has run', async () => {
  const { bench, keys } = openActingBench();
  for (const document of [drawSideEffect(), drawActingArm()]) {
    const { result, events } = await bench.ask(document, empty, { question: '猫' }, { output: 'one', mayAct: false });
    expect(result).toMatchObject({ state: 'failed', error: { code: 'acts-in-experiment', node: 'act' } });
    expect(events.map(({ type }) => type)).toEqual(['run-start', 'run-end']);
  }
  const other = await bench.ask(drawActingArm(), empty, { question: '猫' }, { output: 'two', mayAct: false });
  expect(other.result.state).toBe('succeeded');
  expect(keys).toEqual([]);
});

describe('what acts for every item of a list', () => {
  const drawItem = () =>
    buildFlowDocument()
      .node('word', 'input', { name: 'word' })
      .node('act', 'logic/act')
      .node('answer', 'output', { name: 'answer' })
      .wire('word.value', 'act.text')
      .wire('act.text', 'answer.value')
      .build();
  const drawList = () =>
    buildFlowDocument()
      .node('text', 'input', { name: 'text' })
      .node('each', 'logic/each-word', { flow: 'item', version: 1, item: 'word' })
      .node('reply', 'output', { name: 'reply' })
      .wire('text.value', 'each.words')
      .wire('text.value', 'reply.value');
  const open = () => {
    const { bench, keys } = openActingBench();
    bench.freeze('item', 1, drawItem());
    return { bench, keys };
  };

  it('acts once for each and by itself for nobody, whether the list feeds the answer or not', async () => {
    const { bench, keys } = open();
    const { result } = await bench.ask(drawList().build(), empty, { text: 'a b' });
    expect(result).toMatchObject({ state: 'succeeded', outputs: { reply: { value: 'a b' } } });
    expect(keys).toEqual(['run-1/each/act#0', 'run-1/each/act#1']);
    const feeding = drawList().node('more', 'output', { name: 'more' }).wire('each.results', 'more.value').build();
    const { result: fed } = await bench.ask(feeding, empty, { text: 'c' }, { output: 'more' });
    expect(fed).toMatchObject({ outputs: { more: { value: 'done c' } } });
    expect(keys).toHaveLength(3);
  });

  it('is refused to experiments', async () => {
    const { bench, keys } = open();
    const { result } = await bench.ask(drawList().build(), empty, { text: 'a' }, { mayAct: false });
    expect(result).toMatchObject({ error: { code: 'acts-in-experiment', node: 'each/act' } });
    expect(keys).toEqual([]);
  });
});
