import { type Clock, createMachineLease } from '@kumiki/engine';
import { defineNode, type LeaseStore, port } from '@kumiki/node-sdk';
import { createLeaseStore, type Store } from '@kumiki/store';
import { openTestDatabase } from '@kumiki/store/testing';
import { buildFlowDocument } from '@kumiki/testkit';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { openTestWorkbench } from '../testing/open-test-workbench.ts';

const patience = { timeout: 30_000, interval: 20 };
const never = new AbortController().signal;
const name = 'gpu/box';

/** A process of the machine whose time goes on step by step; where nobody steps, it is frozen. */
function startProcess(store: Store, holder: string) {
  const due: (() => void)[] = [];
  const asked = new Set<Promise<unknown>>();
  const follow = <Result>(call: Promise<Result>): Promise<Result> => {
    const settled: Promise<unknown> = call.then(
      () => asked.delete(settled),
      () => asked.delete(settled),
    );
    asked.add(settled);
    return call;
  };
  const leases = createLeaseStore(store.database);
  const followed: LeaseStore = {
    take: (lease) => follow(leases.take(lease)),
    renew: (lease) => follow(leases.renew(lease)),
    release: (lease) => follow(leases.release(lease)),
  };
  const clock: Clock = {
    now: () => 0,
    random: () => 0,
    schedule(_, callback) {
      due.push(callback);
      return () => void due.splice(due.indexOf(callback) >>> 0, 1);
    },
  };
  return {
    lease: createMachineLease({ leases: followed, name, holder, clock }),
    /** Lets the next pause of this process end, and what that asks of the database. */
    async step() {
      due.shift()?.();
      do {
        await Promise.all(asked);
        await new Promise((resolve) => setImmediate(resolve));
      } while (asked.size > 0);
    },
  };
}

describe('the lease of a machine, in the database', () => {
  it('goes from a holder that is frozen to one that waits, and what the first does when it thaws is refused', async (test) => {
    const store = await openTestDatabase();
    test.onTestFinished(() => store.close());
    const [one, two] = [startProcess(store, 'one'), startProcess(store, 'two')];
    const held = await one.lease.hold(never);
    const lost: string[] = [];
    held.onLost(({ code }) => lost.push(code));
    let isTaken = false;
    const taken = two.lease.hold(never).then((hold) => {
      isTaken = true;
      return hold;
    });
    for (let round = 0; round < 15; round += 1) {
      await one.step();
      for (let look = 0; look < 3; look += 1) await two.step();
    }
    expect([isTaken, lost]).toEqual([false, []]);

    for (let look = 0; look < 22 && !isTaken; look += 1) await two.step();
    expect(isTaken).toBe(true);
    await one.step();
    expect(lost).toEqual(['gpu-lease-lost']);
    await expect(held.release()).rejects.toMatchObject({ code: 'gpu-lease-lost' });
    await (await taken).release();
  });
});

/** Takes the lease as one does who has seen its holder silent for long enough. */
async function takeFromSilent(leases: LeaseStore): Promise<number> {
  for (;;) {
    const seen = await leases.take({ name, holder: 'another worker', silent: null });
    if (seen.state === 'taken') return seen.token;
    const taken = await leases.take({ name, holder: 'another worker', silent: seen.mark });
    if (taken.state === 'taken') return taken.token;
  }
}

const words = (text: string) => ({ en: text, ja: text });

/** Trains until a test ends it; tells of each training by its signal. */
function defineTraining() {
  const trainings: { readonly signal: AbortSignal; readonly end: () => void }[] = [];
  const type = defineNode({
    type: 'logic/train',
    version: 1,
    behaviour: 1,
    effect: 'pure',
    title: words('Training'),
    description: words('For tests.'),
    settings: z.object({}),
    settingTexts: {},
    inputs: {},
    outputs: { model: port.text() },
    resources: ['gpu'],
    run: ({ context: { signal } }) =>
      new Promise((resolve) => trainings.push({ signal, end: () => resolve({ model: `model ${trainings.length}` }) })),
  });
  return { type, trainings };
}

describe('a build that trains', () => {
  it('waits for the GPU and is seen to; where it loses it, the next attempt begins anew and nothing of the first is kept', async (test) => {
    const { type, trainings } = defineTraining();
    const { workbench, call, followRun, close } = await openTestWorkbench({ KUMIKI_MACHINE: 'box' }, [type]);
    test.onTestFinished(close);
    const other = createLeaseStore(workbench.store.database);
    const taken = await other.take({ name, holder: 'a worker of this machine', silent: null });
    expect(taken).toEqual({ state: 'taken', token: 1 });

    const document = buildFlowDocument('Train')
      .node('train', 'logic/train')
      .node('answer', 'output', { name: 'answer' })
      .wire('train.model', 'answer.value')
      .build();
    const flow = (await call('POST', '/api/flows', { document })).body.id;
    const { run } = (await call('POST', `/api/flows/${flow}/builds`, {})).body;
    const followed = followRun(run);
    await vi.waitFor(async () => expect((await call('GET', `/api/runs/${run}`)).body.state).toBe('running'), patience);
    expect(trainings).toEqual([]);
    expect(await other.release({ name, token: 1 })).toBe(true);
    await vi.waitFor(() => expect(trainings).toHaveLength(1), patience);

    // As if this process had been frozen, and another one had taken the GPU and given it back meanwhile.
    const token = await takeFromSilent(other);
    await other.release({ name, token });
    await vi.waitFor(() => expect(trainings[0]?.signal.reason).toMatchObject({ code: 'gpu-lease-lost' }), patience);
    trainings[0]?.end();
    await vi.waitFor(() => expect(trainings).toHaveLength(2), patience);
    expect((await call('GET', '/api/artifacts')).body.items).toEqual([]);
    trainings[1]?.end();
    const events = (await followed).map(({ event }) => event);
    expect(events.at(-1)).toMatchObject({ type: 'run-end', state: 'succeeded', build: 1 });
    const told = events.flatMap((event) =>
      event.type === 'node-progress' || event.type === 'node-start' || event.type === 'node-end' ? [event] : [],
    );
    expect(told[0]).toMatchObject({ type: 'node-progress', node: 'train', waitingFor: 'gpu' });
    const { artifacts } = (await call('GET', `/api/flows/${flow}/builds/1`)).body;
    expect(artifacts).toMatchObject([{ node: 'train', value: { model: 'model 2' } }]);
  });
});
