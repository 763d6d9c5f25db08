import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { createTraining } from './create-training.ts';
import { keepSpeed, readSpeed } from './machine-speed.ts';
import { fakeTrainer, tinyLlama, writeTinyGguf } from './testing/index.ts';
import { baseSample, MemoryBlobs, makeJob, makeTrainingFolder } from './testing/training-folder.ts';

const at = { device: 'cpu', precision: 'float32', threads: 2 } as const;

it('is remembered for each device, precision and number of threads', async () => {
  await using place = await makeTrainingFolder();
  const usual = await readSpeed(place.folder, at);
  expect(usual).toBe(2 * (await readSpeed(place.folder, { ...at, threads: 1 })));
  await keepSpeed(place.folder, at, 123);
  await keepSpeed(place.folder, { ...at, threads: 1 }, 45);
  expect(await readSpeed(place.folder, at)).toBe(123);
  expect(await readSpeed(place.folder, { ...at, threads: 1 })).toBe(45);
  expect(await readSpeed(place.folder, { ...at, precision: 'bfloat16' })).toBeGreaterThan(usual);
});

it('makes the next estimate a measured one', async () => {
  await using place = await makeTrainingFolder();
  const file = path.join(place.folder, 'base.gguf');
  await writeFile(file, writeTinyGguf(tinyLlama));
  const bind = createTraining({
    cacheFolder: path.join(place.folder, 'cache'),
    workFolder: path.join(place.folder, 'work'),
    blobs: new MemoryBlobs(),
    findBase: async () => ({ kind: 'gguf', file, sha256: 'b'.repeat(64) }),
    openTrainer: async () => fakeTrainer({ steps: 6 }),
    readMachine: async () => ({ device: 'cpu', free: 8e9, hardware: 'a test machine', devices: 1 }),
  });
  const { signal } = new AbortController();
  const access = bind({ signal, stop: signal });
  const settings = { ...makeJob().settings, epochs: 1, precision: 'float32' } as const;
  const size = {
    rows: 1_000,
    tokens: 1_000_000,
    trained: 400_000,
    longest: { tokens: 1_000, trained: 400 },
    evaluation: { rows: 0, tokens: 0 },
  };
  const estimate = () => access.estimate(baseSample, { settings, base: null, size });
  const before = await estimate();
  await access.train(baseSample, makeJob({ settings }), { key: 'key', report: () => {} });
  const after = await estimate();
  // The trainer said that it gets through a hundred tokens a second; its sample answers take a minute more.
  expect(after.seconds / (15 + 1_000_000 / 100)).toBeGreaterThan(1);
  expect(after.seconds / (15 + 1_000_000 / 100)).toBeLessThan(1.01);
  expect(before.seconds).toBeLessThan(after.seconds);
});

it('says what is wrong with a file that is no model', async () => {
  await using place = await makeTrainingFolder();
  const file = path.join(place.folder, 'base.gguf');
  await writeFile(file, 'no model');
  const bind = createTraining({
    cacheFolder: place.folder,
    workFolder: place.folder,
    blobs: new MemoryBlobs(),
    findBase: async () => ({ kind: 'gguf', file, sha256: 'b'.repeat(64) }),
    openTrainer: async () => fakeTrainer(),
  });
  const { signal } = new AbortController();
  const size = {
    rows: 1,
    tokens: 1,
    trained: 1,
    longest: { tokens: 1, trained: 1 },
    evaluation: { rows: 0, tokens: 0 },
  };
  const job = { settings: makeJob().settings, base: null, size };
  await expect(bind({ signal, stop: signal }).estimate(baseSample, job)).rejects.toMatchObject({
    code: 'base-damaged',
  });
});
