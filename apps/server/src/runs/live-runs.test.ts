import { getEventListeners } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { EventLog } from './event-log.ts';
import { LiveRuns } from './live-runs.ts';

const archive = { append: async () => {} };
const watched = { run: 'run', after: 0 };
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
    for (let round = 0; round < 20; round += 1) await live.waitForNews(watched, 0, signal);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('wake those who wait, and let them go when they leave', async () => {
    const live = new LiveRuns();
    const patience = 2 ** 30;
    const waiting = live.waitForNews(watched, patience, new AbortController().signal);
    live.open(makeLog(), new AbortController());
    await waiting;
    const leaving = new AbortController();
    const left = live.waitForNews(watched, patience, leaving.signal);
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    await expect(live.waitForNews(watched, patience, leaving.signal)).rejects.toThrow('gone');
  });

  it('look at the archive for all who wait, as long as somebody does, and also after the database was away', async () => {
    vi.useFakeTimers();
    const newest = new Map<string, number>();
    const asked: (readonly string[])[] = [];
    const findNewest = vi.fn(async (runs: readonly string[]) => {
      asked.push(runs);
      return newest;
    });
    const live = new LiveRuns(findNewest);
    const { signal } = new AbortController();
    const woken: string[] = [];
    const follow = (name: string, run: string, after: number) =>
      live.waitForNews({ run, after }, 2 ** 30, signal).then(() => woken.push(name));
    const waits = [follow('one', 'a', 3), follow('two', 'a', 4), follow('three', 'b', 0)];
    findNewest.mockRejectedValueOnce(new Error('away'));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(asked.at(-1)).toEqual(['a', 'b']);
    newest.set('a', 4);
    await vi.advanceTimersByTimeAsync(100);
    expect(woken).toEqual(['one']);
    newest.set('a', 5).set('b', 1);
    await vi.advanceTimersByTimeAsync(100);
    await Promise.all(waits);
    const looks = asked.length;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked.length - looks).toBeLessThanOrEqual(1);
    vi.useRealTimers();
  });
});
