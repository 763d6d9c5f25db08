import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createEmbeddedHost, ensureLlamaRuntime, ensureModel, smolLm2 } from '@kumiki/models';
import {
  type ChatAdapter,
  KumikiError,
  type TrainingReport,
  type TrainingSettings,
  type TrainingSize,
} from '@kumiki/node-sdk';
import { cacheFolder } from '@kumiki/testkit/cache-folder';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTraining } from './create-training.ts';
import { countTaught, taughtFacts, taughtRows } from './testing/taught-facts.ts';
import { baseSample, MemoryBlobs, makeJob, makeTrainingFolder } from './testing/training-folder.ts';
import { openTrainerProgram } from './trainer-environment.ts';
import { TunedFiles } from './tuned-files.ts';

const settings: TrainingSettings = {
  ...makeJob().settings,
  ...{
    rank: 8,
    alpha: 16,
    dropout: 0,
    learningRate: 1e-3,
    schedule: 'constant',
    epochs: 30,
    batchSize: 8,
    maximumLength: 256,
  },
  ...{ evaluationsPerEpoch: 0, patience: 0, precision: 'auto' },
};
const job = {
  ...makeJob(),
  settings,
  train: taughtRows,
  evaluation: taughtRows,
  // One of each language: an answer costs as much as a step.
  samplePrompts: [taughtRows[0], taughtRows[7]].flatMap((row) => (row === undefined ? [] : [row.messages.slice(0, 1)])),
};
const size: TrainingSize = {
  rows: taughtRows.length,
  tokens: taughtRows.length * 60,
  trained: taughtRows.length * 20,
  longest: { tokens: 80, trained: 30 },
  evaluation: { rows: taughtRows.length, tokens: taughtRows.length * 60 },
};
const never = new AbortController().signal;

let base: { kind: 'gguf'; file: string; sha256: string };
beforeAll(async () => {
  const file = await ensureModel(smolLm2, { folder: cacheFolder('models') });
  base = { kind: 'gguf', file, sha256: smolLm2.sha256 };
});

function openTraining(folder: string, blobs: MemoryBlobs, checkpointSeconds = 300) {
  const openTrainer = (signal: AbortSignal) => openTrainerProgram({ cacheFolder: cacheFolder(), signal });
  const bind = createTraining({
    cacheFolder: cacheFolder(),
    workFolder: path.join(folder, 'work'),
    blobs,
    findBase: async () => base,
    openTrainer,
    checkpointSeconds,
  });
  return { bind, files: new TunedFiles({ cacheFolder: folder, blobs, openTrainer }) };
}

/** What the model says to each of the questions, as it is and tuned, on the host that comes with Kumiki. */
async function askBoth(adapter: ChatAdapter) {
  const runtimeFolder = await ensureLlamaRuntime({ cacheFolder: cacheFolder() });
  const host = createEmbeddedHost({ runtimeFolder, modelsFolder: cacheFolder('models'), chatThreads: 1 });
  const ask = async (content: string, tuned: boolean) => {
    const messages = [{ role: 'user', content }] as const;
    const request = { model: smolLm2.name, messages, temperature: 0, maximumTokens: 40 };
    let answer = '';
    for await (const event of host.chat(tuned ? { ...request, adapter } : request, never)) {
      if (event.type === 'delta') answer += event.text;
    }
    return answer;
  };
  try {
    const answers = { base: [] as string[], tuned: [] as string[] };
    for (const [question] of taughtFacts) answers.base.push(await ask(question, false));
    for (const [question] of taughtFacts) answers.tuned.push(await ask(question, true));
    return answers;
  } finally {
    await host.close();
  }
}

describe('a real training', () => {
  it('teaches eight facts, goes on where it was stopped, and answers with them once it is served', async () => {
    await using place = await makeTrainingFolder();
    const blobs = new MemoryBlobs();
    const { bind, files } = openTraining(place.folder, blobs);
    const often = openTraining(place.folder, blobs, 0);
    const reports: TrainingReport[] = [];
    const stopped = new AbortController();
    const begun = often.bind({ signal: stopped.signal, stop: never });
    const estimate = await begun.estimate(baseSample, { settings, base: null, size });
    const reason = new Error('the server stops');
    let stoppedAt = 0;
    const interrupted = begun.train(baseSample, job, {
      key: 'facts',
      report(report) {
        const step = report.type === 'points' ? (report.points.at(-1)?.step ?? 0) : 0;
        if (step < 3 || stopped.signal.aborted) return;
        stoppedAt = performance.now();
        stopped.abort(reason);
      },
    });
    await expect(interrupted).rejects.toBe(reason);
    expect(performance.now() - stoppedAt).toBeLessThan(1_000);

    const access = bind({ signal: never, stop: never });
    const trained = await access.train(baseSample, job, {
      key: 'facts',
      report: (report) => void reports.push(report),
    });
    const plan = reports.find(({ type }) => type === 'plan');
    expect(plan).toMatchObject({ steps: 30, resumedFrom: expect.toSatisfy((step: number) => step >= 1) });
    const samples = reports.flatMap((report) => (report.type === 'samples' ? [report] : []));
    expect(samples.at(-1)?.answers).toEqual([
      expect.stringContaining(taughtFacts[0][2]),
      expect.stringContaining(taughtFacts[7][2]),
    ]);
    // Of each token of all eight: nothing is left to guess.
    expect(trained.evaluationLoss?.before).toBeGreaterThan(1);
    expect(trained.evaluationLoss?.best).toBeLessThan(0.05);
    // Of the second process: what it took may be less than the estimate, but never more.
    expect(trained.peakMemory ?? 0).toBeLessThanOrEqual(estimate.memory.needed);

    const magic = async (file: string) => (await readFile(file)).subarray(0, 4).toString('latin1');
    const lora = await files.gguf(trained.adapter, base, never);
    const merged = await files.merged(trained.adapter, base, 'F16', never);
    expect([await magic(lora), await magic(merged)]).toEqual(['GGUF', 'GGUF']);
    const adapter: ChatAdapter = {
      ...{ digest: trained.adapter.digest, base: trained.adapter.base },
      ggufFile: async () => lora,
      mergedFile: async () => merged,
      peftFolder: (signal) => files.folder(trained.adapter, signal),
    };
    const answers = await askBoth(adapter);
    expect(countTaught(answers.base)).toBe(0);
    expect(countTaught(answers.tuned)).toBe(taughtFacts.length);
  }, 1_800_000);

  it('names what is wrong with a base that is damaged', async () => {
    await using place = await makeTrainingFolder();
    const { bind } = openTraining(place.folder, new MemoryBlobs());
    const whole = base;
    base = { ...whole, sha256: '0'.repeat(64) };
    const training = bind({ signal: never, stop: never }).train(baseSample, job, { key: 'damaged', report: () => {} });
    await expect(training).rejects.toBeInstanceOf(KumikiError);
    await expect(training).rejects.toMatchObject({ code: 'base-damaged' });
    base = whole;
  });
});
