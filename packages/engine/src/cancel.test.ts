import { buildFlowDocument } from '@kumiki/testkit';
import { describe, expect, it } from 'vitest';
import { createResources } from './index.ts';
import { drawRag, TestBench } from './testing/bench.ts';

/** A host whose calls never end by themselves, and that says which signals it got. */
function hangHost(bench: TestBench) {
  const signals: AbortSignal[] = [];
  const hang = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => {
      signals.push(signal);
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  bench.host.embed = (_, signal) => hang(signal);
  bench.host.chat = async function* (_, signal) {
    yield { type: 'delta', text: 'は' };
    await hang(signal);
    return undefined;
  };
  return signals;
}

const untilIdle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Two answers at once, and a third that waits for its turn. */
function drawThree() {
  const flow = buildFlowDocument().node('question', 'input', { name: 'question' });
  flow.node('prompt', 'prompt/template', { template: '{{question}}' }).wire('question.value', 'prompt.question');
  for (const name of ['one', 'two', 'three']) {
    flow
      .node(name, 'generate/llm')
      .node(`${name}-answer`, 'output', { name })
      .wire('prompt.prompt', `${name}.prompt`)
      .wire(`${name}.text`, `${name}-answer.value`);
  }
  return flow.build();
}

describe('cancelling', () => {
  it('reaches every call to a model at once, and whoever waits for a resource', async () => {
    const bench = new TestBench();
    const signals = hangHost(bench);
    const resources = createResources({ cpu: 1, gpu: 1, network: 2, database: 1 });
    const controller = new AbortController();
    const limits = { signal: controller.signal, resources };
    const asked = bench.ask(drawThree(), { nodes: {}, identities: {} }, { question: 'あ' }, limits);
    await untilIdle();
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
    controller.abort('enough');
    // Nothing has had a chance to run since: it is the call itself that tells them.
    expect(signals.map(({ reason }) => reason)).toEqual(['enough', 'enough']);
    const { result, events } = await asked;
    expect(result.state).toBe('cancelled');
    const ends = events.filter((event) => event.type === 'node-end' && event.state === 'cancelled');
    expect(ends.map((event) => 'node' in event && event.node).toSorted()).toEqual(['one', 'three', 'two']);
    expect(signals).toHaveLength(2);
    expect([resources.tryAcquire(['network']), resources.tryAcquire(['network'])]).toEqual([true, true]);
  });

  it('reaches the model host through everything that streams into an index', async () => {
    const bench = new TestBench();
    for (let place = 0; place < 20; place += 1) bench.files.set(`${place}.txt`, `文書 ${place}`);
    const signals = hangHost(bench);
    const controller = new AbortController();
    const built = bench.build(drawRag().build(), { signal: controller.signal });
    while (signals.length === 0) await untilIdle();
    controller.abort('enough');
    expect(signals.map(({ reason }) => reason)).toEqual(['enough']);
    const { result, events } = await built;
    expect(result.state).toBe('cancelled');
    const lines = (type: string) => events.filter((event) => event.type === type).length;
    expect(lines('node-end')).toBeGreaterThanOrEqual(lines('node-start'));
    expect(events.at(-1)).toMatchObject({ type: 'run-end', state: 'cancelled' });
  });
});
