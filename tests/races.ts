import { setTimeout as wait } from 'node:timers/promises';
import { followRun, type KumikiSession, type RunEvent, readEvents, unwrap } from '@kumiki/testkit/kumiki-session';
import { expect } from 'vitest';
import { readRun, startQuestion } from './questions.ts';
import { createRandom } from './random.ts';

/**
 * Cancels questions at random moments around their ends, and checks that each ends once, in the state that everybody is
 * told. Gives how many ended in which.
 */
export async function raceCancels(
  session: KumikiSession,
  { flow, seed, repetitions }: { readonly flow: string; readonly seed: number; readonly repetitions: number },
): Promise<Readonly<Record<'succeeded' | 'cancelled', number>>> {
  const ends = { succeeded: 0, cancelled: 0 };
  const usual = await measureQuestion(session, flow);
  for (let place = 0; place < repetitions; place += 1) {
    const random = createRandom(seed + place);
    const run = await startQuestion(session, flow);
    await wait(random() * usual * 1.2);
    await unwrap(session.client.POST('/api/runs/{id}/cancel', { params: { path: { id: run } } }));
    const about = `seed ${seed + place}`;
    const events = await Array.fromAsync(readEvents(await session.request(`/api/runs/${run}/events`)));
    const told = events.map(({ data }): RunEvent => JSON.parse(data));
    expect(
      told.filter(({ type }) => type === 'run-end'),
      about,
    ).toHaveLength(1);
    const end = told.at(-1);
    if (end?.type !== 'run-end' || end.state === 'failed') throw new Error(`${about}: ${JSON.stringify(end)}`);
    const { state } = end;
    ends[state] += 1;
    // A second cancel after the end changes nothing.
    await unwrap(session.client.POST('/api/runs/{id}/cancel', { params: { path: { id: run } } }));
    const { state: stored, endedAt, outputs } = await readRun(session, run);
    expect({ stored, hasEnd: endedAt !== null }, about).toEqual({ stored: state, hasEnd: true });
    expect(outputs !== null, about).toBe(state === 'succeeded');
  }
  return ends;
}

/** The shortest of some: the first of a process takes many times as long, and cancels would come when all is over. */
async function measureQuestion(session: KumikiSession, flow: string): Promise<number> {
  let shortest = Number.POSITIVE_INFINITY;
  for (let time = 0; time < 5; time += 1) {
    const began = performance.now();
    await followRun(session, await startQuestion(session, flow));
    shortest = Math.min(shortest, performance.now() - began);
  }
  return shortest;
}
