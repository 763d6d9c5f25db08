import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { EventLog } from './event-log.ts';
import { LiveRuns } from './live-runs.ts';

const archive = { append: async () => {}, list: async () => [] };
const makeLog = () => new EventLog('run', archive, 0);

describe('the runs of this process', () => {
  it('stay followed and cancellable when a lost attempt at the same run ends here', () => {
    const live = new LiveRuns();
    const [lost, present] = [makeLog(), makeLog()];
    const [first, second] = [new AbortController(), new AbortController()];
    live.open(lost, first);
    live.open(present, second);
    live.close(lost);
    expect(lost.isClosed).toBe(true);
    expect(present.isClosed).toBe(false);
    expect(live.findLog('run')).toBe(present);
    expect(live.abort('run', 'cancelled')).toBe(true);
    expect([first.signal.aborted, second.signal.aborted]).toEqual([false, true]);
    live.close(present);
    expect(live.findLog('run')).toBeNull();
    expect(live.abort('run', 'cancelled')).toBe(false);
  });

  it('leave nothing behind of those who waited for one to begin', async () => {
    const live = new LiveRuns();
    const { signal } = new AbortController();
    for (let round = 0; round < 20; round += 1) await live.waitForChange(0, signal);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('wake those who wait, and let them go when they leave', async () => {
    const live = new LiveRuns();
    const patience = 2 ** 30;
    const waiting = live.waitForChange(patience, new AbortController().signal);
    live.open(makeLog(), new AbortController());
    await waiting;
    const leaving = new AbortController();
    const left = live.waitForChange(patience, leaving.signal);
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    await expect(live.waitForChange(patience, leaving.signal)).rejects.toThrow('gone');
  });
});
