import { defineNode, type NodeType, port } from '@kumiki/node-sdk';
import { buildFlowDocument, findEndState } from '@kumiki/testkit';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Build, createResources } from './index.ts';
import { drawRag, TestBench } from './testing/bench.ts';
import { createManualClock, type ManualClock } from './testing/manual-clock.ts';

const empty: Build = { nodes: {}, identities: {} };
const words = (text: string) => ({ en: text, ja: text });

/** Takes as many seconds as its setting says, whether it is stopped or not. */
function defineSlow(clock: ManualClock, heard: string[] = []): NodeType {
  return defineNode({
    type: 'logic/slow',
    version: 1,
    behaviour: 1,
    effect: 'pure',
    title: words('Slow'),
    description: words('For tests.'),
    settings: z.object({ seconds: z.number() }),
    settingTexts: { seconds: { title: words('Seconds') } },
    inputs: { text: port.text() },
    outputs: { text: port.text() },
    resources: ['gpu'],
    run: ({ settings, inputs, context }) =>
      new Promise((resolve) => {
        context.signal.addEventListener('abort', () => heard.push(context.node), { once: true });
        clock.schedule(settings.seconds * 1_000, () => resolve({ text: inputs.text }));
      }),
  });
}

/** One after the other. */
function drawSlow(first: number, second: number) {
  return buildFlowDocument()
    .node('question', 'input', { name: 'question' })
    .node('first', 'logic/slow', { seconds: first })
    .node('second', 'logic/slow', { seconds: second })
    .node('answer', 'output', { name: 'answer' })
    .wire('question.value', 'first.text')
    .wire('first.text', 'second.text')
    .wire('second.text', 'answer.value')
    .build();
}

describe('the time of a run', () => {
  it('is up for all its nodes together: whoever works then is stopped and told', async () => {
    const clock = createManualClock();
    const heard: string[] = [];
    const bench = new TestBench(defineSlow(clock, heard));
    const asked = bench.ask(drawSlow(6, 6), empty, { question: 'a' }, { clock, runDeadlineMilliseconds: 10_000 });
    await clock.advance(9_999);
    expect(heard).toEqual([]);
    await clock.advance(1);
    const { result, events } = await asked;
    expect(result).toMatchObject({ state: 'failed', error: { code: 'run-timeout', node: null } });
    expect(heard).toEqual(['second']);
    expect([findEndState(events, 'first'), findEndState(events, 'second')]).toEqual(['succeeded', 'cancelled']);
    expect(events.filter(({ type }) => type === 'run-end')).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ type: 'run-end', state: 'failed', milliseconds: 10_000 });
  });

  it('is not counted any more once the run has ended', async () => {
    const clock = createManualClock();
    const bench = new TestBench(defineSlow(clock));
    const asked = bench.ask(drawSlow(4, 5), empty, { question: 'a' }, { clock, runDeadlineMilliseconds: 10_000 });
    await clock.advance(9_000);
    expect((await asked).result.state).toBe('succeeded');
    expect(clock.pending).toBe(0);
  });

  it('goes on while a node waits for a resource, and that is left to others', async () => {
    const clock = createManualClock();
    const bench = new TestBench(defineSlow(clock));
    const resources = createResources({ cpu: 1, gpu: 1, network: 1, database: 1 });
    resources.tryAcquire(['gpu']);
    const limits = { clock, resources, runDeadlineMilliseconds: 10_000 };
    const asked = bench.ask(drawSlow(1, 1), empty, { question: 'a' }, limits);
    await clock.advance(10_000);
    expect((await asked).result).toMatchObject({ state: 'failed', error: { code: 'run-timeout' } });
    resources.release(['gpu']);
    expect(resources.tryAcquire(['gpu'])).toBe(true);
  });

  it('is that of all items together, where a flow is asked for each', async () => {
    const clock = createManualClock();
    const heard: string[] = [];
    const bench = new TestBench(defineSlow(clock, heard));
    bench.freeze('slow', 1, drawSlow(4, 4));
    const document = buildFlowDocument()
      .node('text', 'input', { name: 'text' })
      .node('each', 'logic/each-word', { flow: 'slow', version: 1 })
      .node('reply', 'output', { name: 'reply' })
      .wire('text.value', 'each.words')
      .wire('each.results', 'reply.value')
      .build();
    const asked = bench.ask(document, empty, { text: 'a b' }, { clock, runDeadlineMilliseconds: 10_000 });
    await clock.advance(10_000);
    const { result, events } = await asked;
    expect(result).toMatchObject({ state: 'failed', error: { code: 'run-timeout' } });
    expect(events.at(-1)).toMatchObject({ type: 'run-end', milliseconds: 10_000 });
    expect(heard).toEqual(['each/second']);
  });

  it('has no end for a build, unless one is set', async () => {
    const clock = createManualClock();
    const bench = new TestBench();
    bench.files.set('a.txt', '窓口');
    const embed = bench.host.embed.bind(bench.host);
    bench.host.embed = async (...call) => {
      await new Promise<void>((resolve) => clock.schedule(86_400_000, resolve));
      return await embed(...call);
    };
    const built = bench.build(drawRag().build(), { clock });
    await clock.advance(86_400_000);
    expect((await built).result.state).toBe('succeeded');
    bench.files.set('a.txt', '時間');
    const limited = bench.build(drawRag().build(), { clock, runDeadlineMilliseconds: 60_000 });
    await clock.advance(60_000);
    expect((await limited).result).toMatchObject({ state: 'failed', error: { code: 'run-timeout' } });
  });
});

describe('the time of a node', () => {
  it('is ten minutes in a question, and names the node', async () => {
    const clock = createManualClock();
    const bench = new TestBench(defineSlow(clock));
    const asked = bench.ask(drawSlow(1, 601), empty, { question: 'a' }, { clock });
    await clock.advance(601_000);
    expect((await asked).result).toMatchObject({ state: 'failed', error: { code: 'node-timeout', node: 'second' } });
  });

  it('is as long as that of the run where it has one', async () => {
    const clock = createManualClock();
    const bench = new TestBench(defineSlow(clock));
    const limits = { clock, runDeadlineMilliseconds: 1_800_000 };
    const asked = bench.ask(drawSlow(1, 1_500), empty, { question: 'a' }, limits);
    await clock.advance(1_501_000);
    expect((await asked).result.state).toBe('succeeded');
  });

  it('begins when it has its resources, not while it waits for them', async () => {
    const clock = createManualClock();
    const bench = new TestBench(defineSlow(clock));
    const resources = createResources({ cpu: 1, gpu: 1, network: 1, database: 1 });
    resources.tryAcquire(['gpu']);
    const limits = { clock, resources, deadlineMilliseconds: 5_000 };
    const asked = bench.ask(drawSlow(4, 4), empty, { question: 'a' }, limits);
    await clock.advance(60_000);
    resources.release(['gpu']);
    await clock.advance(8_000);
    expect((await asked).result.state).toBe('succeeded');
  });
});
