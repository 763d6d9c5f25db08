import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { TrainingReport } from '@kumiki/node-sdk';
import { expect, it } from 'vitest';
import { digestAdapter } from './adapter-files.ts';
import { choosePrecision, createTraining } from './create-training.ts';
import { type FakeBehaviour, fakeTrainer } from './testing/index.ts';
import { baseSample, MemoryBlobs, makeJob, makeRow, makeTrainingFolder } from './testing/training-folder.ts';

const key = 'lineage and data';

function openTraining(folder: string, behaviour: FakeBehaviour = {}, blobs = new MemoryBlobs()) {
  const log = path.join(folder, 'log');
  const bind = createTraining({
    cacheFolder: path.join(folder, 'cache'),
    workFolder: path.join(folder, 'work'),
    blobs,
    findBase: async () => ({ kind: 'hub', name: 'owner/model', revision: 'a1b2c3' }),
    openTrainer: async () => fakeTrainer({ log, ...behaviour }),
    readMachine: async () => ({ device: 'cpu', free: 8e9, hardware: 'a test machine', devices: 1 }),
  });
  const abort = new AbortController();
  const stop = new AbortController();
  const access = bind({ signal: abort.signal, stop: stop.signal });
  const reports: TrainingReport[] = [];
  const starts = async () => (await readFile(log, 'utf8')).split('\n').filter((line) => line === 'train').length;
  return { access, abort, stop, blobs, reports, starts, report: (report: TrainingReport) => void reports.push(report) };
}

it('keeps the adapter in the blob store and leaves no work folder behind', async () => {
  await using place = await makeTrainingFolder();
  const { access, blobs, report } = openTraining(place.folder);
  const prompt = { system: '', template: '{{question}}' };
  const trained = await access.train(baseSample, makeJob({ prompt }), { key, report });
  expect(trained.adapter.files.map(({ name }) => name)).toEqual(['adapter_config.json', 'adapter_model.safetensors']);
  expect(trained.adapter.files.every(({ sha256 }) => blobs.contents.has(sha256))).toBe(true);
  expect(trained.adapter.digest).toBe(digestAdapter(trained.adapter.files));
  expect(trained.adapter.prompt).toEqual(prompt);
  expect(trained).toMatchObject({ steps: 4, stopped: 'complete', evaluationLoss: { before: 3, best: 0.25 } });
  const left = await readdir(path.join(place.folder, 'work'), { withFileTypes: true });
  expect(left.filter((entry) => entry.isDirectory())).toEqual([]);
});

it('reports the plan, every point and the samples, in their order', async () => {
  await using place = await makeTrainingFolder();
  const { access, report, reports } = openTraining(place.folder);
  await access.train(baseSample, makeJob(), { key, report });
  expect(reports.map(({ type }) => type)).toEqual(['state', 'plan', 'points', 'samples']);
  const points = reports.flatMap((one) => (one.type === 'points' ? one.points : []));
  expect(points.map(({ step, loss, evaluationLoss }) => [step, loss, evaluationLoss])).toEqual([
    [1, 2, undefined],
    [2, 1, undefined],
    [3, 2 / 3, undefined],
    [4, 0.5, undefined],
    [4, undefined, 0.25],
  ]);
});

it('goes on from the checkpoint of the same key after it was aborted', async () => {
  await using place = await makeTrainingFolder();
  const first = openTraining(place.folder, { steps: 1_000_000 });
  const reason = new Error('the server stops');
  const training = first.access.train(baseSample, makeJob(), {
    key,
    report: ({ type }) => {
      if (type === 'points') first.abort.abort(reason);
    },
  });
  await expect(training).rejects.toBe(reason);
  const second = openTraining(place.folder, { steps: 1 });
  await second.access.train(baseSample, makeJob(), { key, report: second.report });
  const plan = second.reports.find(({ type }) => type === 'plan');
  expect(plan).toMatchObject({ type: 'plan', resumedFrom: expect.toSatisfy((step: number) => step >= 1) });
  const other = openTraining(place.folder, { steps: 1 });
  await other.access.train(baseSample, makeJob(), { key: 'other data', report: other.report });
  expect(other.reports.find(({ type }) => type === 'plan')).toMatchObject({ resumedFrom: 0 });
});

it('gives a training that has ended already without training again, as long as its files are there', async () => {
  await using place = await makeTrainingFolder();
  const blobs = new MemoryBlobs();
  const first = openTraining(place.folder, {}, blobs);
  const trained = await first.access.train(baseSample, makeJob(), { key, report: first.report });
  const again = openTraining(place.folder, {}, blobs);
  expect(await again.access.train(baseSample, makeJob(), { key, report: again.report })).toEqual(trained);
  expect(await again.starts()).toBe(1);
  blobs.contents.clear();
  expect(await again.access.train(baseSample, makeJob(), { key, report: again.report })).toEqual(trained);
  expect(await again.starts()).toBe(2);
});

it('keeps no example on the disk once the trainer has read them, also where it is given up', async () => {
  await using place = await makeTrainingFolder();
  const { access, abort, report } = openTraining(place.folder, { steps: 1_000_000 });
  const training = access.train(baseSample, makeJob(), {
    key,
    report: (told) => {
      report(told);
      if (told.type === 'points') abort.abort(new Error('given up'));
    },
  });
  await expect(training).rejects.toThrow('given up');
  const [name = ''] = await readdir(path.join(place.folder, 'work'));
  expect((await readdir(path.join(place.folder, 'work', name))).toSorted()).toEqual(['checkpoint.json', 'curve.jsonl']);
});

it('keeps the curve of the whole training, also of what was learnt before it was interrupted', async () => {
  await using place = await makeTrainingFolder();
  const first = openTraining(place.folder, { steps: 1_000_000 });
  const training = first.access.train(baseSample, makeJob(), {
    key,
    report: ({ type }) => {
      if (type === 'points') first.abort.abort(new Error('stopped'));
    },
  });
  await expect(training).rejects.toThrow('stopped');
  const [name = ''] = await readdir(path.join(place.folder, 'work'));
  const { step: reached } = JSON.parse(
    await readFile(path.join(place.folder, 'work', name, 'checkpoint.json'), 'utf8'),
  );
  const steps = reached + 3;
  const second = openTraining(place.folder, { steps });
  const { curve } = await second.access.train(baseSample, makeJob(), { key, report: second.report });
  expect(curve.at(0)).toEqual({ step: 1, loss: 2 });
  expect(curve.at(-1)).toEqual({ step: steps, loss: 2 / steps, evaluationLoss: 1 / steps });
  // What was learnt in the moment of the interruption was told to nobody.
  const again = curve.filter(({ step }) => step > reached).map(({ step }) => step);
  expect(again).toEqual([1, 2, 3].map((place) => reached + place));
});

it('has another digest after other data, and the same after the same', async () => {
  await using place = await makeTrainingFolder();
  const { access, report } = openTraining(place.folder);
  const [one, same, other] = [
    await access.train(baseSample, makeJob(), { key: '1', report }),
    await access.train(baseSample, makeJob(), { key: '2', report }),
    await access.train(baseSample, makeJob({ train: [makeRow('a', '送料は？', '800円です。')] }), { key: '3', report }),
  ];
  expect(same.adapter.digest).toBe(one.adapter.digest);
  expect(other.adapter.digest).not.toBe(one.adapter.digest);
});

it('keeps the best checkpoint when it is asked to stop', async () => {
  await using place = await makeTrainingFolder();
  const { access, stop } = openTraining(place.folder, { steps: 1_000_000 });
  const report = ({ type }: TrainingReport) => {
    if (type === 'points') stop.abort();
  };
  const trained = await access.train(baseSample, makeJob(), { key, report });
  expect(trained.stopped).toBe('asked');
  expect(trained.adapter.files).toHaveLength(2);
});

it('tells steps even where nobody knows the shape of the model yet', async () => {
  await using place = await makeTrainingFolder();
  const { access } = openTraining(place.folder);
  const size = {
    rows: 60,
    tokens: 6_000,
    trained: 2_000,
    longest: { tokens: 200, trained: 80 },
    evaluation: { rows: 0, tokens: 0 },
  };
  const { settings } = makeJob();
  expect(await access.estimate(baseSample, { settings, base: null, size })).toMatchObject({
    verdict: 'tight',
    steps: 12,
  });
});

it('computes in 16 bits only where the processor multiplies them itself', () => {
  expect(choosePrecision('auto', 'cpu', 'sse2 avx2 amx_bf16 amx_tile')).toBe('bfloat16');
  expect(choosePrecision('auto', 'cpu', 'sse2 avx2')).toBe('float32');
  expect(choosePrecision('auto', 'cuda', '')).toBe('bfloat16');
  expect(choosePrecision('float32', 'cuda', '')).toBe('float32');
});
