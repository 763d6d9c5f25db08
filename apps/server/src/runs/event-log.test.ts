import { KumikiError } from '@kumiki/node-sdk';
import { describe, expect, it, vi } from 'vitest';
import { type EventArchive, EventLog, type NumberedEvent, type RunEvent } from './event-log.ts';

class MemoryArchive implements EventArchive {
  readonly batches: (readonly NumberedEvent[])[] = [];

  async append(_: string, events: readonly NumberedEvent[]): Promise<void> {
    this.batches.push(events);
  }
}

const start: RunEvent = { type: 'node-start', node: 'a', at: '2026-01-01T00:00:00.000Z' };

describe('the log of a run', () => {
  it('shows an event at once, and archives many together', async () => {
    vi.useFakeTimers();
    const archive = new MemoryArchive();
    const log = new EventLog('run', archive, 0);
    for (let place = 0; place < 5; place += 1) log.append(start);
    expect(log.readTail(3)?.map(({ sequence }) => sequence)).toEqual([4, 5]);
    expect(archive.batches).toEqual([]);
    await vi.advanceTimersByTimeAsync(100);
    expect(archive.batches.map((batch) => batch.length)).toEqual([5]);
    vi.useRealTimers();
  });

  it('lets progress wait for what follows it, and archives both in their order', async () => {
    vi.useFakeTimers();
    const archive = new MemoryArchive();
    const log = new EventLog('run', archive, 0);
    const progress: RunEvent = {
      ...start,
      type: 'node-progress',
      done: 1,
      total: null,
      unit: 'documents',
      waitingFor: null,
    };
    log.append(progress);
    await vi.advanceTimersByTimeAsync(900);
    expect(archive.batches).toEqual([]);
    log.append(start);
    await vi.advanceTimersByTimeAsync(100);
    expect(archive.batches.map((batch) => batch.map(({ sequence }) => sequence))).toEqual([[1, 2]]);
    log.append(progress);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(archive.batches.flat()).toHaveLength(3);
    log.close();
    vi.useRealTimers();
  });

  it('wakes whoever waits, and lets them go when they leave', async () => {
    const log = new EventLog('run', new MemoryArchive(), 0);
    const waiting = log.waitForMore(new AbortController().signal);
    log.append(start);
    await waiting;
    const leaving = new AbortController();
    const left = log.waitForMore(leaving.signal);
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    log.close();
  });

  it('keeps the numbers of an attempt before it apart, and has all that comes after them', () => {
    const log = new EventLog('run', new MemoryArchive(), 7, 1_000);
    log.append(start);
    expect(log.readTail(7)?.map(({ sequence }) => sequence)).toEqual([1_008]);
    expect(log.readTail(500)?.map(({ sequence }) => sequence)).toEqual([1_008]);
    expect(log.readTail(6)).toBeNull();
    log.close();
  });

  it('sends readers who fall far behind to the archive, where everything is', async () => {
    const archive = new MemoryArchive();
    const log = new EventLog('run', archive, 0);
    for (let place = 0; place < 10_000; place += 1) {
      log.append(start);
      if (place % 200 === 199) await new Promise(setImmediate);
    }
    expect(log.readTail(0)).toBeNull();
    const seen = new Set(archive.batches.flat().map(({ sequence }) => sequence));
    for (const { sequence } of log.readTail(9_000) ?? []) seen.add(sequence);
    expect(seen.size).toBe(10_000);
    log.close();
  });

  it('tries again to archive what the database did not take, but not for a run that it has lost', async () => {
    vi.useFakeTimers();
    const archive = new MemoryArchive();
    const log = new EventLog('run', archive, 0);
    const append = vi.spyOn(archive, 'append').mockRejectedValueOnce(new Error('connection lost'));
    log.append(start);
    await vi.advanceTimersByTimeAsync(100);
    log.append(start);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(archive.batches.flat().map(({ sequence }) => sequence)).toEqual([1, 2]);

    append.mockRejectedValueOnce(new KumikiError({ code: 'run-taken-over', message: { en: 'Lost.', ja: '喪失。' } }));
    log.append(start);
    await vi.advanceTimersByTimeAsync(100);
    const calls = append.mock.calls.length;
    log.append(start);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(append).toHaveBeenCalledTimes(calls);
    expect(archive.batches.flat()).toHaveLength(2);
    log.close();
    vi.useRealTimers();
  });

  it('shows the end only when it is told that the end is kept', async () => {
    const log = new EventLog('run', new MemoryArchive(), 0);
    log.append(start);
    const { unsaved, lastSequence } = await log.takeRest();
    expect([unsaved.length, lastSequence]).toEqual([1, 2]);
    expect(log.readTail(1)).toEqual([]);
    log.end({ sequence: lastSequence, event: { ...start, node: 'end' } });
    expect(log.readTail(1)?.map(({ sequence }) => sequence)).toEqual([2]);
    expect(log.isClosed).toBe(true);
  });
});
