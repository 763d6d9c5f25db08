import { defineNode, KumikiError, port } from '@kumiki/node-sdk';
import { buildFlowDocument, didRun, findEndState } from '@kumiki/testkit';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Build, RunEvent } from './index.ts';
import { TestBench } from './testing/bench.ts';
import { hastyClock } from './testing/hasty-clock.ts';

const empty: Build = { nodes: {}, identities: {} };
const words = (text: string) => ({ en: text, ja: text });
const step = {
  version: 1,
  behaviour: 1,
  effect: 'pure',
  title: words('Step'),
  description: words('For tests.'),
  settings: z.object({}),
  settingTexts: {},
  inputs: { text: port.text() },
  outputs: { text: port.text() },
} as const;

function drawPassThrough() {
  return buildFlowDocument()
    .node('question', 'input', { name: 'question' })
    .node('answer', 'output', { name: 'answer' })
    .wire('question.value', 'answer.value');
}

function drawBranches() {
  return buildFlowDocument()
    .node('question', 'input', { name: 'question' })
    .node('if', 'logic/if', { contains: '猫' })
    .node('cat', 'output', { name: 'cat' })
    .node('other', 'output', { name: 'other' })
    .node('first', 'logic/first')
    .node('joined', 'output', { name: 'joined' })
    .node('patient', 'output/patient', { name: 'patient' })
    .wire('question.value', 'if.value')
    .wire('if.yes', 'cat.value')
    .wire('if.no', 'other.value')
    .wire('if.yes', 'first.a')
    .wire('if.no', 'first.b')
    .wire('first.value', 'joined.value')
    .wire('if.yes', 'patient.value');
}

/** input → the step under test → output. */
function drawStep(type: string) {
  return buildFlowDocument()
    .node('question', 'input', { name: 'question' })
    .node('step', type)
    .node('answer', 'output', { name: 'answer' })
    .wire('question.value', 'step.text')
    .wire('step.text', 'answer.value')
    .build();
}

describe('runFlow', () => {
  it('passes an input through to the output', async () => {
    const { result, events } = await new TestBench().ask(drawPassThrough().build(), empty, { question: 'こんにちは' });
    expect(result).toEqual({
      state: 'succeeded',
      outputs: { answer: { state: 'answered', value: 'こんにちは', citations: [] } },
      usage: { promptTokens: 0, completionTokens: 0 },
    });
    expect(events.map(({ type }) => type)).toEqual([
      'run-start',
      'node-start',
      'node-end',
      'node-start',
      'node-end',
      'run-end',
    ]);
    expect(JSON.parse(JSON.stringify(events))).toEqual(events);
  });

  it('skips the branch that was not taken, with what hangs on it alone', async () => {
    const bench = new TestBench();
    const { result, events } = await bench.ask(drawBranches().build(), empty, { question: '犬' });
    expect(result).toMatchObject({
      state: 'succeeded',
      outputs: {
        cat: { state: 'skipped' },
        other: { state: 'answered', value: '犬' },
        joined: { state: 'answered', value: '犬' },
        patient: { state: 'answered', value: 'nothing' },
      },
    });
    expect(findEndState(events, 'cat')).toBe('skipped');
    expect(didRun(events, 'cat')).toBe(false);
  });

  it('shows a node that accepts skipped values which of them are connected', async () => {
    const seen: string[][] = [];
    const look = defineNode({
      ...step,
      type: 'logic/look',
      inputs: {
        text: port.text({ acceptsSkipped: true }),
        other: port.text({ required: false, acceptsSkipped: true }),
      },
      async run({ inputs }) {
        seen.push(Object.keys(inputs));
        return {};
      },
    });
    const bench = new TestBench(look);
    const draw = (wiresOther: boolean) => {
      const flow = drawBranches()
        .node('look', 'logic/look')
        .node('seen', 'output/patient', { name: 'seen' })
        .wire('if.yes', 'look.text')
        .wire('look.text', 'seen.value');
      return (wiresOther ? flow.wire('if.no', 'look.other') : flow).build();
    };
    for (const wiresOther of [false, true]) await bench.ask(draw(wiresOther), empty, { question: '犬' });
    expect(seen).toEqual([['text'], ['text', 'other']]);
  });

  it('runs only the chosen arm', async () => {
    const { result, events } = await new TestBench().ask(
      drawBranches().build(),
      empty,
      { question: '猫' },
      { output: 'cat' },
    );
    expect(result).toMatchObject({ outputs: { cat: { state: 'answered' } } });
    expect(events.some((event) => 'node' in event && event.node === 'first')).toBe(false);
  });

  it('tells which outputs there are when asked for another', async () => {
    const { result } = await new TestBench().ask(drawPassThrough().build(), empty, {}, { output: 'best' });
    expect(result).toMatchObject({ state: 'failed', error: { code: 'output-unknown', path: '/output' } });
  });

  it('streams text through logic to every output that it reaches', async () => {
    const bench = new TestBench();
    bench.host.script('はい どうぞ');
    const document = drawPassThrough()
      .node('prompt', 'prompt/template', { template: '{{question}}' })
      .node('generate', 'generate/llm')
      .node('first', 'logic/first')
      .node('direct', 'output', { name: 'direct' })
      .node('joined', 'output', { name: 'joined' })
      .wire('question.value', 'prompt.question')
      .wire('prompt.prompt', 'generate.prompt')
      .wire('generate.text', 'direct.value')
      .wire('generate.text', 'first.a')
      .wire('first.value', 'joined.value')
      .build();
    const { events } = await bench.ask(document, empty, { question: 'お願い' });
    const deltas = events.filter((event) => event.type === 'text-delta');
    const textOf = (arm: string) => deltas.flatMap(({ output, text }) => (output === arm ? [text] : [])).join('');
    expect([textOf('direct'), textOf('joined'), textOf('answer')]).toEqual(['はい どうぞ', 'はい どうぞ', '']);
  });

  it('fails where the last of a text cannot be told, and harms nobody else', async () => {
    const filtered = defineNode({
      ...step,
      type: 'output',
      settings: z.object({ name: z.string() }),
      settingTexts: { name: { title: words('Name') } },
      inputs: { value: port.text() },
      outputs: { result: port.json() },
      run: async ({ inputs }) => ({ result: { value: inputs.value } }),
      filterText: () => ({
        push: () => '',
        flush() {
          throw new Error('the filter broke');
        },
      }),
    });
    const document = drawPassThrough()
      .node('prompt', 'prompt/template', { template: '{{question}}' })
      .node('generate', 'generate/llm')
      .node('direct', 'output', { name: 'direct' })
      .wire('question.value', 'prompt.question')
      .wire('prompt.prompt', 'generate.prompt')
      .wire('generate.text', 'direct.value')
      .build();
    const { result, events } = await new TestBench(filtered).ask(document, empty, { question: 'お願い' });
    expect(result).toMatchObject({ state: 'failed', error: { code: 'internal', node: 'generate' } });
    expect(findEndState(events, 'generate')).toBe('failed');
  });

  it('tries again after retryable errors only, and tells of the failure once', async () => {
    const calls: string[] = [];
    const flaky = defineNode({
      ...step,
      type: 'logic/flaky',
      async run({ inputs, context }) {
        calls.push(context.idempotencyKey);
        if (calls.length < 3) throw new KumikiError({ code: 'busy', message: words('Busy.'), retryable: true });
        return { text: inputs.text };
      },
    });
    const { result } = await new TestBench(flaky).ask(
      drawStep('logic/flaky'),
      empty,
      { question: 'a' },
      { clock: hastyClock },
    );
    expect(result.state).toBe('succeeded');
    expect(calls).toEqual(['run-1/step', 'run-1/step', 'run-1/step']);

    const broken = defineNode({
      ...step,
      type: 'logic/broken',
      async run() {
        calls.push('broken');
        throw new Error('inside');
      },
    });
    const logged: unknown[] = [];
    const failed = await new TestBench(broken).ask(
      drawStep('logic/broken'),
      empty,
      { question: 'a' },
      { onFailure: (error, node) => logged.push(error, node) },
    );
    expect(logged).toEqual([new Error('inside'), 'step']);
    expect(failed.result).toMatchObject({ state: 'failed', error: { code: 'internal', node: 'step' } });
    expect(calls.filter((call) => call === 'broken')).toHaveLength(1);
    expect(failed.events.at(-1)).toMatchObject({ type: 'run-end', state: 'failed', error: { node: 'step' } });
  });

  it('does not try again once text has reached the client', async () => {
    let calls = 0;
    const cut = defineNode({
      ...step,
      type: 'logic/cut',
      async run({ context }) {
        calls += 1;
        context.emitText('は');
        throw new KumikiError({ code: 'model-stream-cut', message: words('Cut.'), retryable: true });
      },
    });
    const { result } = await new TestBench(cut).ask(drawStep('logic/cut'), empty, { question: 'a' });
    expect(result).toMatchObject({ state: 'failed', error: { code: 'model-stream-cut' } });
    expect(calls).toBe(1);
  });

  it('stops a node whose time is up, even one that does not heed its signal', async () => {
    const deaf = defineNode({
      ...step,
      type: 'logic/deaf',
      run: () => new Promise<{ text: string }>(() => undefined),
    });
    const { result } = await new TestBench(deaf).ask(
      drawStep('logic/deaf'),
      empty,
      { question: 'a' },
      { deadlineMilliseconds: 5 },
    );
    expect(result).toMatchObject({ state: 'failed', error: { code: 'node-timeout', node: 'step' } });
  });

  it('ends as cancelled when it is cancelled, and tells the node', async () => {
    const controller = new AbortController();
    let heard: unknown;
    const waiting = defineNode({
      ...step,
      type: 'logic/waiting',
      run: ({ context }) =>
        new Promise<{ text: string }>(() => {
          context.signal.addEventListener('abort', () => {
            heard = context.signal.reason;
          });
          controller.abort('enough');
        }),
    });
    const { result, events } = await new TestBench(waiting).ask(
      drawStep('logic/waiting'),
      empty,
      { question: 'a' },
      { signal: controller.signal },
    );
    expect(result.state).toBe('cancelled');
    expect(heard).toBe('enough');
    expect(findEndState(events, 'step')).toBe('cancelled');
    expect(events.at(-1)).toMatchObject({ type: 'run-end', state: 'cancelled', outputs: {} });
  });

  it('uses a template as a value that depends on settings alone', async () => {
    const reader = defineNode({
      ...step,
      type: 'logic/read-template',
      inputs: { template: port.promptTemplate(), text: port.text() },
      async run({ inputs }) {
        return { text: inputs.template.template };
      },
    });
    const document = drawPassThrough()
      .node('prompt', 'prompt/template', { template: '問い：{{question}}' })
      .node('read', 'logic/read-template')
      .node('shown', 'output', { name: 'shown' })
      .wire('question.value', 'prompt.question')
      .wire('prompt.template', 'read.template')
      .wire('question.value', 'read.text')
      .wire('read.text', 'shown.value')
      .build();
    const bench = new TestBench(reader);
    const { build } = await bench.build(document);
    expect(build.nodes.prompt?.outputs).toEqual({ template: { system: '', template: '問い：{{question}}' } });
    const { result } = await bench.ask(document, build, { question: 'a' }, { output: 'shown' });
    expect(result).toMatchObject({ outputs: { shown: { value: '問い：{{question}}' } } });
  });

  it('tells of progress at most five times a second', async () => {
    let now = 0;
    const clock = { now: () => now, schedule: () => () => undefined, random: () => 0 };
    const busy = defineNode({
      ...step,
      type: 'logic/busy',
      async run({ context }) {
        for (let done = 0; done < 100; done += 1) {
          now += 10;
          context.progress({ done, total: 100, unit: 'tokens' });
        }
        return { text: 'done' };
      },
    });
    const { events } = await new TestBench(busy).ask(drawStep('logic/busy'), empty, { question: 'a' }, { clock });
    const told = events.filter((event: RunEvent) => event.type === 'node-progress');
    expect(told.length).toBeGreaterThan(2);
    expect(told.length).toBeLessThanOrEqual(6);
  });
});
