import { execFile } from 'node:child_process';
import { appendFile, mkdir, readdir, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { FlowDocument } from '@kumiki/flow';
import { buildFlowDocument } from '@kumiki/testkit';
import { cacheFolder } from '@kumiki/testkit/cache-folder';
import { makeTemporaryFolder } from '@kumiki/testkit/kumiki-process';
import {
  buildFlow,
  createFlow,
  followRun,
  type RunEvent,
  readEvents,
  unwrap,
  uploadCollection,
} from '@kumiki/testkit/kumiki-session';
import { scriptedChat } from '@kumiki/testkit/scripted-models';
import { openTrainerProgram } from '@kumiki/training';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from './stage.ts';
import { readTaughtQuestions, writeChats } from './taught-questions.ts';

const trainerFolder = fileURLToPath(new URL('../apps/trainer/', import.meta.url));
const run = promisify(execFile);
const patience = { timeout: 60_000, interval: 20 };

/** In float32 on one processor, the same training has the same losses to the last bit. */
const settings = { epochs: 20, batchSize: 2, learningRate: 0.01, rank: 4, precision: 'float32', patience: 0 };
/** An epoch ends with an evaluation, and an evaluation with a checkpoint. */
const evaluated = { evaluationsPerEpoch: 1, samplePrompts: '覚えましたか？' };
/** Far from both ends. */
const killedAfter = 40;

describe('killed while it trains', { timeout: 300_000 }, () => {
  let stage: Stage;
  let folder: Awaited<ReturnType<typeof makeTemporaryFolder>>;

  beforeAll(async () => {
    folder = await makeTemporaryFolder();
    await writeTinyModel(join(folder.folder, 'tiny'));
    stage = await openStage('embedded', { environment: { KUMIKI_FOLDERS: folder.folder } });
    await uploadCollection(stage.session, 'taught', { 'taught.jsonl': writeChats(await readTaughtQuestions()) });
  });
  afterAll(async () => {
    await stage?.close();
    await folder?.remove();
  });

  /** `other` makes another artifact of the same training: the setting counts, and without a template it does nothing. */
  const draw = (name: string, other: string): FlowDocument =>
    buildFlowDocument(name)
      .node('load', 'load/conversations', { collection: 'taught' })
      .node('data', 'dataset/from-conversations', { evaluationShare: 0.25, duplicates: 'exact' })
      .node('base', 'model/chat', { host: 'ollama', model: scriptedChat })
      .node('tune', 'finetune/lora', {
        ...{ ...settings, ...evaluated, questionVariable: other },
        base: join(folder.folder, 'tiny'),
      })
      .wire('load.conversations', 'data.conversations')
      .wire('data.dataset', 'tune.dataset')
      .wire('base.model', 'tune.model')
      .build();

  const listTunedModels = async () =>
    (await unwrap(stage.session.client.GET('/api/tuned-models', { params: { query: {} } }))).items;

  it('goes on from its last whole checkpoint, and ends as if nothing had happened', async () => {
    const whole = await buildFlow(stage.session, (await createFlow(stage.session, draw('無事', 'question'))).id);
    expect(whole.end.error).toBeNull();

    const { id } = await createFlow(stage.session, draw('中断', 'other'));
    const started = await unwrap(
      stage.session.client.POST('/api/flows/{id}/builds', { params: { path: { id } }, body: {} }),
    );
    await waitForStep(started.run, killedAfter);
    await stage.kumiki.kill();
    await expect.poll(() => countTrainers(stage.dataFolder), patience).toBe(0);
    const torn = await tearNewestCheckpoint();
    await stage.startAgain();

    const { end, events } = await followRun(stage.session, started.run);
    expect(end.error).toBeNull();
    const resumed = reportsOf(events, 'plan').at(-1)?.resumedFrom ?? 0;
    expect(resumed).toBeGreaterThanOrEqual(1);
    expect(resumed).toBeLessThan(torn);
    expect(readCurves(events)).toEqual(readCurves(whole.events));
    // The very same numbers came of both, which makes them one model.
    expect(await listTunedModels()).toHaveLength(1);
    const left = await readdir(join(stage.dataFolder, 'trainings'));
    expect(left.filter((name) => !name.endsWith('.json'))).toEqual([]);
  });

  async function waitForStep(build: string, step: number): Promise<void> {
    for await (const { data } of readEvents(await stage.session.request(`/api/runs/${build}/events`))) {
      const event: RunEvent = JSON.parse(data);
      if (event.type === 'run-end') throw new Error(`The training was over too soon: ${data}`);
      if (reportsOf([event], 'points').some(({ points }) => points.some((point) => point.step >= step))) return;
    }
  }

  /** As a process leaves it that dies in mid-writing: the newest checkpoint is cut, and a next one has only begun. */
  async function tearNewestCheckpoint(): Promise<number> {
    const trainings = join(stage.dataFolder, 'trainings');
    const [work = ''] = (await readdir(trainings)).filter((name) => !name.endsWith('.json'));
    const checkpoints = join(trainings, work, 'checkpoints');
    const steps = (await readdir(checkpoints)).flatMap((name) => Number(/^step-(\d+)$/.exec(name)?.[1] ?? []));
    const newest = Math.max(...steps);
    const place = (step: number) => join(checkpoints, `step-${String(step).padStart(8, '0')}`);
    const optimizer = join(place(newest), 'optimizer.safetensors');
    await truncate(optimizer, (await readFile(optimizer)).length - 100);
    const unfinished = `${place(newest + 1)}.999999999.unfinished`;
    await mkdir(unfinished, { recursive: true });
    await appendFile(join(unfinished, 'state.json'), '{');
    return newest;
  }
});

type Report = NonNullable<Extract<RunEvent, { type: 'node-progress' }>['training']>;

function reportsOf<Type extends Report['type']>(events: readonly RunEvent[], type: Type) {
  return events.flatMap((event) =>
    event.type === 'node-progress' && isOf(event.training, type) ? [event.training] : [],
  );
}

function isOf<Type extends Report['type']>(
  report: Report | undefined,
  type: Type,
): report is Extract<Report, { type: Type }> {
  return report?.type === type;
}

/** What is told of a step later counts: those after the checkpoint are learnt twice. */
function readCurves(events: readonly RunEvent[]) {
  const loss = new Map<number, number>();
  const evaluation = new Map<number, number>();
  for (const point of reportsOf(events, 'points').flatMap(({ points }) => points)) {
    if (point.loss !== undefined) loss.set(point.step, point.loss);
    if (point.evaluationLoss !== undefined) evaluation.set(point.step, point.evaluationLoss);
  }
  return { loss, evaluation };
}

/** A model of some thousand weights, which is a real one in all but size. */
async function writeTinyModel(target: string): Promise<void> {
  const { signal } = new AbortController();
  const { program, environment } = await openTrainerProgram({ cacheFolder: cacheFolder(), signal });
  const make =
    'import pathlib, sys; from tests.tiny_models import make_llama_folder; make_llama_folder(pathlib.Path(sys.argv[1]))';
  await run(program, ['-c', make, target], { cwd: trainerFolder, env: { ...process.env, ...environment } });
}

/** Trainers that work below a data folder, whoever started them. */
async function countTrainers(dataFolder: string): Promise<number> {
  const { stdout } = await run('ps', ['-A', '-o', 'args='], { maxBuffer: 16 * 1024 * 1024 });
  return stdout.split('\n').filter((line) => line.includes('kumiki_trainer') && line.includes(dataFolder)).length;
}
