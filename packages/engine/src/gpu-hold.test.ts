import { defineArtifact, defineNode, type NodeType, port } from '@kumiki/node-sdk';
import { buildFlowDocument, findEndState } from '@kumiki/testkit';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createMachineLease, createResources, type RunEvent } from './index.ts';
import { TestBench } from './testing/bench.ts';
import { createManualClock, type ManualClock } from './testing/manual-clock.ts';
import { MemoryLeaseStore } from './testing/memory-lease-store.ts';

const words = (text: string) => ({ en: text, ja: text });
const shared = { version: 1, behaviour: 1, description: words('For tests.'), effect: 'pure' } as const;
const seconds = z.object({ seconds: z.number() });
const settingTexts = { seconds: { title: words('Seconds') } };
const limits = { cpu: 1, gpu: 1, network: 1, database: 1 } as const;

/** Who is at the GPU, over all processes. */
class Trainings {
  readonly signals: AbortSignal[] = [];
  running = 0;
  most = 0;

  async work(clock: ManualClock, duration: number, signal: AbortSignal): Promise<void> {
    this.signals.push(signal);
    this.running += 1;
    this.most = Math.max(this.most, this.running);
    await new Promise<void>((resolve) => clock.schedule(duration * 1_000, resolve));
    this.running -= 1;
  }
}

/** A model that is tuned on documents, for so many seconds, whether it is stopped or not. */
function defineTuning(clock: ManualClock, trainings: Trainings): NodeType {
  return defineArtifact({
    ...shared,
    type: 'finetune/fake',
    title: words('Tuning'),
    settings: seconds,
    settingTexts,
    inputs: { documents: port.documents() },
    outputs: { model: port.text() },
    resources: ['cpu', 'gpu'],
    async make({ settings, inputs, context }) {
      const read: string[] = [];
      for await (const { document } of inputs.documents.read('all')) read.push(document.id);
      await trainings.work(clock, settings.seconds, context.signal);
      return { outputs: { model: read.join(' ') }, contents: [] };
    },
  });
}

/** Passes documents on, by way of the GPU. */
const seeing = defineNode({
  ...shared,
  type: 'load/seen',
  title: words('Seen'),
  settings: z.object({}),
  settingTexts: {},
  inputs: { documents: port.documents() },
  outputs: { documents: port.documents() },
  perDocument: true,
  resources: ['gpu'],
  run: async ({ inputs }) => ({ documents: inputs.documents }),
});

/** A process of the machine, at work on one flow. */
function startProcess(leases: MemoryLeaseStore, trainings: Trainings, holder: string) {
  const clock = createManualClock();
  const bench = new TestBench(defineTuning(clock, trainings), seeing);
  bench.files.set('a.txt', '窓口');
  const resources = createResources(limits, createMachineLease({ leases, name: 'gpu/box', holder, clock }));
  const events: RunEvent[] = [];
  const onEvent = (event: RunEvent) => void events.push(event);
  return { clock, bench, resources, events, options: { clock, resources, onEvent } };
}

const drawTuning = (duration: number) =>
  buildFlowDocument()
    .node('load', 'load/files', { collection: 'help' })
    .node('seen', 'load/seen')
    .node('tune', 'finetune/fake', { seconds: duration })
    .wire('load.documents', 'seen.documents')
    .wire('seen.documents', 'tune.documents')
    .build();

async function pass(milliseconds: number, ...clocks: readonly ManualClock[]): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += 500) {
    for (const clock of clocks) await clock.advance(500);
  }
}

const tell = (events: readonly RunEvent[], node: string) =>
  events.flatMap((event) =>
    'node' in event && event.node === node
      ? [event.type === 'node-progress' ? `waiting for ${event.waitingFor}` : event.type]
      : [],
  );

describe('a node that needs the GPU', () => {
  it('works while no other process of its machine does, is seen waiting, and keeps nothing from others meanwhile', async () => {
    const leases = new MemoryLeaseStore();
    const trainings = new Trainings();
    const [one, two] = [startProcess(leases, trainings, 'one'), startProcess(leases, trainings, 'two')];
    const first = one.bench.build(drawTuning(60), one.options);
    await pass(1_000, one.clock, two.clock);
    const second = two.bench.build(drawTuning(60), two.options);
    await pass(50_000, one.clock, two.clock);
    expect(tell(two.events, 'tune')).toEqual(['waiting for gpu']);
    expect([two.resources.tryAcquire(['cpu']), two.resources.tryAcquire(['gpu'])]).toEqual([true, true]);
    two.resources.release(['cpu', 'gpu']);
    await pass(90_000, one.clock, two.clock);
    expect((await first).result.state).toBe('succeeded');
    expect((await second).result.state).toBe('succeeded');
    expect(trainings).toMatchObject({ most: 1, running: 0 });
    expect(tell(two.events, 'tune')).toEqual(['waiting for gpu', 'node-start', 'node-end']);
    expect(leases.rows.get('gpu/box')).toMatchObject({ holder: null, token: 2 });
  });

  it('stops waiting when its run is cancelled', async () => {
    const leases = new MemoryLeaseStore();
    const process = startProcess(leases, new Trainings(), 'two');
    await leases.take({ name: 'gpu/box', holder: 'one', silent: null });
    const controller = new AbortController();
    const built = process.bench.build(drawTuning(1), { ...process.options, signal: controller.signal });
    await process.clock.advance(2_000);
    controller.abort('enough');
    const { result, events } = await built;
    expect(result.state).toBe('cancelled');
    expect(findEndState(events, 'tune')).toBe('cancelled');
    expect(process.clock.pending).toBe(0);
  });

  it('is stopped by name where its process has lost the GPU, and leaves nothing behind', async () => {
    const leases = new MemoryLeaseStore();
    const trainings = new Trainings();
    const { bench, clock, options } = startProcess(leases, trainings, 'one');
    const built = bench.build(drawTuning(600), options);
    await clock.advance(2_000);
    leases.rows.set('gpu/box', { holder: 'two', token: 2, renewals: 0 });
    await clock.advance(2_000);
    const { result } = await built;
    expect(result).toMatchObject({ state: 'failed', error: { code: 'gpu-lease-lost', node: 'tune' } });
    expect(trainings.signals.map(({ reason }) => reason?.code)).toEqual(['gpu-lease-lost']);
    expect(bench.artifacts.size).toBe(0);
  });

  it('leaves nothing behind either where it ends before it hears that it has lost the GPU', async () => {
    const leases = new MemoryLeaseStore();
    const { bench, clock, options } = startProcess(leases, new Trainings(), 'one');
    const built = bench.build(drawTuning(1), options);
    await clock.advance(500);
    leases.rows.set('gpu/box', { holder: 'two', token: 2, renewals: 0 });
    await clock.advance(500);
    expect((await built).result).toMatchObject({ state: 'failed', error: { code: 'gpu-lease-lost' } });
    expect(bench.artifacts.size).toBe(0);
  });

  it('keeps the GPU, when it is cancelled, until it has really ended', async () => {
    const leases = new MemoryLeaseStore();
    const trainings = new Trainings();
    const { bench, clock, options } = startProcess(leases, trainings, 'one');
    const controller = new AbortController();
    const built = bench.build(drawTuning(30), { ...options, signal: controller.signal });
    await clock.advance(2_000);
    controller.abort('enough');
    expect((await built).result.state).toBe('cancelled');
    const next = bench.build(drawTuning(1), options);
    await clock.advance(20_000);
    expect(trainings).toMatchObject({ running: 1, most: 1 });
    expect(leases.rows.get('gpu/box')).toMatchObject({ holder: 'one' });
    await clock.advance(20_000);
    expect((await next).result.state).toBe('succeeded');
    expect(trainings).toMatchObject({ running: 0, most: 1 });
  });
});
