import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { KumikiError } from '@kumiki/node-sdk';
import { describe, expect, it } from 'vitest';
import { type FakeBehaviour, fakeTrainer } from './testing/index.ts';
import { makeTrainingFolder } from './testing/training-folder.ts';
import type { TrainerEvent } from './trainer-events.ts';
import { runTrainer } from './trainer-process.ts';

async function writeJob(folder: string): Promise<string> {
  const train = path.join(folder, 'train.jsonl');
  await writeFile(train, '{}\n');
  const job = path.join(folder, 'job.json');
  await mkdir(path.join(folder, 'work'));
  await writeFile(
    job,
    JSON.stringify({ work: path.join(folder, 'work'), output: path.join(folder, 'adapter'), train }),
  );
  return job;
}

async function train(
  behaviour: FakeBehaviour,
  call: { signal?: AbortSignal; onEvent?: (event: TrainerEvent) => void; stop?: AbortSignal } = {},
) {
  await using place = await makeTrainingFolder();
  const { signal = new AbortController().signal, ...rest } = call;
  return await runTrainer(fakeTrainer(behaviour), {
    command: 'train',
    job: await writeJob(place.folder),
    signal,
    ...rest,
  });
}

const catchError = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => error,
  );

describe('the trainer as a child process', () => {
  it('tells its events in their order and resolves with the last one', async () => {
    const events: string[] = [];
    const end = await train({ steps: 2 }, { onEvent: ({ event }) => events.push(event) });
    expect(events).toEqual(['state', 'plan', 'point', 'point', 'point', 'samples', 'end']);
    expect(end).toMatchObject({ steps: 2, stopped: 'complete' });
  });

  it.each([
    [3, 'base-damaged'],
    [4, 'chat-template-missing'],
    [5, 'training-out-of-memory'],
    [6, 'training-diverged'],
    [7, 'disk-full'],
    [8, 'training-data-empty'],
    [9, 'training-unavailable'],
    [1, 'training-failed'],
    [2, 'training-failed'],
    [10, 'training-interrupted'],
  ])('names the failure that exit code %i stands for', async (code, name) => {
    const error = await catchError(train({ fail: { code, error: 'what the trainer said' } }));
    expect(error).toBeInstanceOf(KumikiError);
    expect(error).toMatchObject({ code: name });
    expect((error as KumikiError).text.ja).not.toBe('');
    expect(String((error as KumikiError).cause)).toContain('what the trainer said');
  });

  it('goes by the name of a failure where a starter of several processes has an exit code of its own', async () => {
    const error = await catchError(train({ fail: { code: 1, name: 'out-of-memory', error: 'no room' } }));
    expect(error).toMatchObject({ code: 'training-out-of-memory' });
  });

  it('passes over lines that are no events, and refuses events that are not as agreed', async () => {
    await expect(train({ steps: 1, say: 'Loading weights: 100%' })).resolves.toMatchObject({ steps: 1 });
    await expect(train({ steps: 1, say: '{"event":"of-a-newer-trainer"}' })).resolves.toMatchObject({ steps: 1 });
    await expect(train({ steps: 1, say: '{"event":"point","step":"one"}' })).rejects.toMatchObject({
      code: 'training-failed',
    });
  });

  it('ends with the best checkpoint when it is asked to stop', async () => {
    const stop = new AbortController();
    const onEvent = ({ event }: TrainerEvent) => {
      if (event === 'point') stop.abort();
    };
    const end = await train({ steps: 1_000_000 }, { stop: stop.signal, onEvent });
    expect(end.stopped).toBe('asked');
  });

  it.each([
    ['heeds the end of its input', false],
    ['heeds nothing', true],
  ])('has ended within a second of an abort when the program %s', async (_, deaf) => {
    const abort = new AbortController();
    const reason = new Error('cancelled');
    let abortedAt = 0;
    const onEvent = ({ event }: TrainerEvent) => {
      if (event !== 'point' || abort.signal.aborted) return;
      abortedAt = performance.now();
      abort.abort(reason);
    };
    const error = await catchError(train({ steps: 1_000_000, deaf }, { signal: abort.signal, onEvent }));
    expect(error).toBe(reason);
    expect(performance.now() - abortedAt).toBeLessThan(1_000);
  });

  it('does not outlive its parent', async () => {
    await using place = await makeTrainingFolder();
    const job = await writeJob(place.folder);
    const log = path.join(place.folder, 'log');
    const script = path.join(place.folder, 'parent.ts');
    const sources = new URL('./', import.meta.url).href;
    await writeFile(
      script,
      `import { runTrainer } from '${sources}trainer-process.ts';
       import { fakeTrainer } from '${sources}testing/index.ts';
       const call = { command: 'train', job: ${JSON.stringify(job)}, signal: new AbortController().signal };
       await runTrainer(fakeTrainer({ steps: 1_000_000, log: ${JSON.stringify(log)} }), { ...call, onEvent: ({ event }) => console.log(event) });`,
    );
    const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(parent.stdout, 'data');
    parent.kill('SIGKILL');
    await expect.poll(() => readFile(log, 'utf8'), { timeout: 10_000 }).toBe('train\nend 10\n');
  });
});
