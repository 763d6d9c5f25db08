import { describe, expect, it } from 'vitest';
import { createMachineLease } from './machine-lease.ts';
import { createManualClock, type ManualClock } from './testing/manual-clock.ts';
import { MemoryLeaseStore } from './testing/memory-lease-store.ts';

const name = 'gpu/box';
const never = new AbortController().signal;

/** A process of the machine: time passes for each on its own, so that one can be frozen. */
function startProcess(leases: MemoryLeaseStore, holder: string) {
  const clock = createManualClock();
  return { clock, lease: createMachineLease({ leases, name, holder, clock }) };
}

/** Tells what came of a promise by now. */
function watch<T>(promise: Promise<T>) {
  const seen: { value?: T; error?: unknown } = {};
  promise.then(
    (value) => {
      seen.value = value;
    },
    (error: unknown) => {
      seen.error = error;
    },
  );
  return seen;
}

async function pass(milliseconds: number, ...clocks: readonly ManualClock[]): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += 500) {
    for (const clock of clocks) await clock.advance(500);
  }
}

describe('the lease of a machine', () => {
  it('goes to one process at a time, and to the next within a second of its release', async () => {
    const leases = new MemoryLeaseStore();
    const [one, two] = [startProcess(leases, 'one'), startProcess(leases, 'two')];
    const held = await one.lease.hold(never);
    const waiting = watch(two.lease.hold(never));
    await pass(600_000, one.clock, two.clock);
    expect(waiting).toEqual({});
    await held.release();
    await pass(1_000, two.clock);
    expect(waiting.value).toBeDefined();
    expect(leases.rows.get(name)).toMatchObject({ holder: 'two', token: 2 });
    expect(one.clock.pending).toBe(0);
  });

  it('is taken from a process that was frozen, which learns of it when it thaws and may not count what it made', async () => {
    const leases = new MemoryLeaseStore();
    const [frozen, next] = [startProcess(leases, 'frozen'), startProcess(leases, 'next')];
    const held = await frozen.lease.hold(never);
    const lost: string[] = [];
    held.onLost(({ code }) => lost.push(code));
    const waiting = watch(next.lease.hold(never));
    await pass(19_000, next.clock);
    expect(waiting).toEqual({});
    await pass(2_000, next.clock);
    expect(waiting.value).toBeDefined();
    await frozen.clock.advance(3_000);
    expect(lost).toEqual(['gpu-lease-lost']);
    await expect(held.release()).rejects.toMatchObject({ code: 'gpu-lease-lost' });
    expect(leases.rows.get(name)).toMatchObject({ holder: 'next', token: 2 });
  });

  it('does not count what a frozen process made also where it gives the lease back before it learns of its loss', async () => {
    const leases = new MemoryLeaseStore();
    const [frozen, next] = [startProcess(leases, 'frozen'), startProcess(leases, 'next')];
    const held = await frozen.lease.hold(never);
    const waiting = watch(next.lease.hold(never));
    await pass(21_000, next.clock);
    expect(waiting.value).toBeDefined();
    await expect(held.release()).rejects.toMatchObject({ code: 'gpu-lease-lost' });
    expect(leases.rows.get(name)).toMatchObject({ holder: 'next', token: 2 });
  });

  it('tells of its loss also whoever asks after it, and nobody who does not listen any more', async () => {
    const leases = new MemoryLeaseStore();
    const { clock, lease } = startProcess(leases, 'one');
    const [held, other] = [await lease.hold(never), await lease.hold(never)];
    const told: string[] = [];
    held.onLost(() => told.push('gone'))();
    other.onLost(() => told.push('released'));
    await other.release();
    leases.rows.set(name, { holder: 'two', token: 2, renewals: 0 });
    await clock.advance(3_000);
    held.onLost(() => told.push('late'));
    held.onLost(() => told.push('late and gone'))();
    expect(told).toEqual([]);
    await clock.advance(0);
    expect(told).toEqual(['late']);
  });

  it('stays with a process that was frozen for a while, where nobody has taken it', async () => {
    const leases = new MemoryLeaseStore();
    const { clock, lease } = startProcess(leases, 'sleeper');
    const held = await lease.hold(never);
    const lost: unknown[] = [];
    held.onLost((reason) => lost.push(reason));
    // Hours went by, and not one of its timers fired.
    await clock.advance(3_000);
    expect(lost).toEqual([]);
    await held.release();
    expect(leases.rows.get(name)).toMatchObject({ holder: null });
  });

  it.each(['down', 'deaf'] as const)(
    'is given up by whoever cannot renew it, before anybody else may take it: the database is %s',
    async (state) => {
      const leases = new MemoryLeaseStore();
      const { clock, lease } = startProcess(leases, 'cut off');
      const held = await lease.hold(never);
      const lost: string[] = [];
      held.onLost(({ code }) => lost.push(code));
      await clock.advance(3_000);
      leases.state = state;
      await clock.advance(8_000);
      expect(lost).toEqual([]);
      await clock.advance(4_000);
      expect(lost).toEqual(['gpu-lease-lost']);
    },
  );

  it('survives a short outage, in which nobody is silent', async () => {
    const leases = new MemoryLeaseStore();
    const [one, two] = [startProcess(leases, 'one'), startProcess(leases, 'two')];
    const held = await one.lease.hold(never);
    const lost: unknown[] = [];
    held.onLost((reason) => lost.push(reason));
    const waiting = watch(two.lease.hold(never));
    await pass(18_000, two.clock);
    leases.state = 'down';
    await pass(5_000, one.clock, two.clock);
    leases.state = 'up';
    await pass(10_000, two.clock);
    await pass(60_000, one.clock, two.clock);
    expect([lost, waiting]).toEqual([[], {}]);
  });

  it('is shared by all users of a process until the last has released it', async () => {
    const leases = new MemoryLeaseStore();
    const { lease } = startProcess(leases, 'one');
    const [first, second] = await Promise.all([lease.hold(never), lease.hold(never)]);
    await first.release();
    expect(leases.rows.get(name)).toMatchObject({ holder: 'one', token: 1 });
    await second.release();
    expect(leases.rows.get(name)).toMatchObject({ holder: null });
    await lease.hold(never);
    expect(leases.rows.get(name)).toMatchObject({ holder: 'one', token: 2 });
  });

  it('is not waited for any more once that is cancelled, and left to others', async () => {
    const leases = new MemoryLeaseStore();
    const [one, two] = [startProcess(leases, 'one'), startProcess(leases, 'two')];
    const held = await one.lease.hold(never);
    const controller = new AbortController();
    const waiting = watch(two.lease.hold(controller.signal));
    await pass(2_000, two.clock);
    controller.abort('enough');
    await pass(1_000, two.clock);
    expect(waiting).toEqual({ error: 'enough' });
    expect(two.clock.pending).toBe(0);
    await held.release();
    await pass(5_000, two.clock);
    expect(leases.rows.get(name)).toMatchObject({ holder: null, token: 1 });
  });

  it('is given back where it came just after nobody waited for it any more', async () => {
    const leases = new MemoryLeaseStore();
    const { lease, clock } = startProcess(leases, 'one');
    const controller = new AbortController();
    const waiting = watch(lease.hold(controller.signal));
    controller.abort('enough');
    await clock.advance(0);
    expect(waiting).toEqual({ error: 'enough' });
    expect(leases.rows.get(name)).toMatchObject({ holder: null, token: 1 });
  });

  it('goes to nobody, of whatever process, before the work of a user that was stopped has ended', async () => {
    const leases = new MemoryLeaseStore();
    const [one, two] = [startProcess(leases, 'one'), startProcess(leases, 'two')];
    const work = Promise.withResolvers<void>();
    (await one.lease.hold(never)).abandon(work.promise);
    const waiting = [watch(one.lease.hold(never)), watch(two.lease.hold(never))];
    await pass(60_000, one.clock, two.clock);
    expect(waiting).toEqual([{}, {}]);
    work.reject(new Error('stopped at last'));
    await pass(1_000, one.clock, two.clock);
    expect(waiting.filter(({ value }) => value !== undefined)).toHaveLength(1);
  });

  it('passes a fault of the store on to whoever waits', async () => {
    const leases = new MemoryLeaseStore();
    leases.take = () => Promise.reject(new Error('no such table'));
    const { lease } = startProcess(leases, 'one');
    await expect(lease.hold(never)).rejects.toThrow('no such table');
  });
});
