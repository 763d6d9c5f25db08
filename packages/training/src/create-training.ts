import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type {
  BlobStore,
  ChatModelValue,
  Energy,
  Trained,
  TrainingAccess,
  TrainingEstimate,
  TrainingJob,
  TrainingReport,
  TrainingRow,
  TrainingSettings,
} from '@kumiki/node-sdk';
import { keepAdapter } from './adapter-files.ts';
import { startEnergyMeter, unknownEnergy } from './energy.ts';
import { countTokenOperations, estimateTraining, type Precision } from './estimate.ts';
import { clearOldTrainings, findResult, keepResult } from './finished-trainings.ts';
import { KeptCurve } from './kept-curve.ts';
import { type MachineMemory, readMachineMemory } from './machine-memory.ts';
import { keepSpeed, readSpeed } from './machine-speed.ts';
import { EventReporter } from './report-events.ts';
import type { TrainerEnd, TrainerPlan } from './trainer-events.ts';
import { runTrainer, spreadTraining, type TrainerCommandLine } from './trainer-process.ts';
import { digestBase, readBaseShape, type TrainingBase } from './training-base.ts';
import { baseUnreadable, protocolBroken } from './training-errors.ts';

export type TrainingOptions = {
  /** For what can be fetched or made again: converted bases, what this machine gets through. */
  readonly cacheFolder: string;
  /** For trainings under way. What lies there is gone on from, and is taken away when a training has succeeded. */
  readonly workFolder: string;
  readonly blobs: BlobStore;
  /** Where the model's weights are. Throws `model-not-trainable`. */
  readonly findBase: (model: ChatModelValue, base: string | null, signal: AbortSignal) => Promise<TrainingBase>;
  /** Makes the trainer ready; `onInstall` is told when that takes an installation. Throws `training-unavailable`. */
  readonly openTrainer: (signal: AbortSignal, onInstall: () => void) => Promise<TrainerCommandLine>;
  readonly checkpointSeconds?: number;
  /** For tests: what the machine is said to have. */
  readonly readMachine?: (signal: AbortSignal) => Promise<MachineMemory>;
};

export type TrainingBinding = {
  readonly signal: AbortSignal;
  /** Aborts when somebody asks the training to end with what it has. */
  readonly stop: AbortSignal;
};

/** Binds the trainer for one node of one run, so that it ends with the node's signal. */
export type BindTraining = (binding: TrainingBinding) => TrainingAccess;

/** Leaves one core to whoever is served meanwhile: with all of them at work, training itself gets slower. */
const threads = Math.max(1, os.availableParallelism() - 1);

export function createTraining(options: TrainingOptions): BindTraining {
  const { cacheFolder, findBase, readMachine = readMachineMemory } = options;
  return ({ signal, stop }) => ({
    async estimate(model, { settings, base: named, size }): Promise<TrainingEstimate> {
      const base = await findBase(model, named, signal);
      const readShape = () => readBaseShape(base).catch((error: unknown) => Promise.reject(baseUnreadable(error)));
      const [shape, machine] = await Promise.all([readShape(), readMachine(signal)]);
      if (shape === null) return unknownEstimate(settings, size.rows, machine);
      const precision = choosePrecision(settings.precision, machine.device, await readProcessorFlags());
      const speed = await readSpeed(cacheFolder, { device: machine.device, precision, threads });
      const converts = !(await isConverted(cacheFolder, base, precision));
      return estimateTraining({ shape, settings, size, precision, machine, converts, speed });
    },
    async train(model, job, { key, report }): Promise<Trained> {
      const { blobs, workFolder } = options;
      const name = nameWork(key);
      const finished = await findResult(workFolder, name, blobs);
      if (finished !== null) return finished;
      await clearOldTrainings(workFolder);
      const base = await findBase(model, job.base, signal);
      const machine = await readMachine(signal);
      const trainer = await options.openTrainer(signal, () =>
        report({ type: 'state', state: 'installing', share: null }),
      );
      const work = path.join(workFolder, name);
      const call = { options, base, job, trainer: spreadTraining(trainer, machine), work, report, signal, stop };
      const { plan, end, curve, energy } = await trainIn({ ...call, device: machine.device });
      const files = await keepAdapter(path.join(work, 'adapter'), blobs, signal);
      const adapter = { ...files, base: await digestBase(base, signal), prompt: job.prompt };
      const trained = { ...describeTrained({ plan, end, energy, hardware: machine.hardware }), adapter, curve };
      await keepResult(workFolder, name, trained);
      return trained;
    },
  });
}

type Call = TrainingBinding & {
  readonly options: TrainingOptions;
  readonly base: TrainingBase;
  readonly job: TrainingJob;
  readonly trainer: TrainerCommandLine;
  readonly work: string;
  readonly report: (report: TrainingReport) => void;
  readonly device: MachineMemory['device'];
};

async function trainIn({ options, base, job, trainer, work, report, device, signal, stop }: Call) {
  await mkdir(work, { recursive: true });
  const place = (name: string) => path.join(work, name);
  await writeRows(place('train.jsonl'), job.train, signal);
  const evaluated = await writeRows(place('evaluation.jsonl'), job.evaluation, signal);
  await writeFile(
    place('job.json'),
    JSON.stringify({
      base,
      cache: basesFolder(options.cacheFolder),
      work,
      output: place('adapter'),
      train: place('train.jsonl'),
      ...(evaluated > 0 && { evaluation: place('evaluation.jsonl') }),
      settings: job.settings,
      samplePrompts: job.samplePrompts,
      threads,
      checkpointSeconds: options.checkpointSeconds ?? 300,
    }),
  );
  const reporter = new EventReporter(report);
  const curve = await KeptCurve.open(place('curve.jsonl'));
  const meter = await startEnergyMeter({ device });
  let plan: TrainerPlan | null = null;
  let resumedFrom = 0;
  const tokensPerSecond: number[] = [];
  try {
    const end = await runTrainer(trainer, {
      command: 'train',
      job: place('job.json'),
      signal,
      stop,
      onEvent(event) {
        if (event.event === 'plan') {
          plan = event;
          resumedFrom = event.resumedFrom;
          forgetRows(work);
          curve.goOnFrom(event.resumedFrom);
        }
        if (event.event === 'point') {
          curve.add(event);
          if (event.tokensPerSecond !== undefined) tokensPerSecond.push(event.tokensPerSecond);
        }
        reporter.tell(event);
        // A process that was killed may have died with the last of what it had been told.
        if (event.event === 'plan' && event.resumedFrom > 0) {
          report({ type: 'points', points: curve.points, remainingSeconds: null });
        }
      },
    });
    const planned: TrainerPlan | null = plan;
    if (planned === null) throw protocolBroken('it ended without having told its plan');
    await rememberSpeed(options, base, planned, tokensPerSecond);
    const energy = await meter.stop();
    return { plan: planned, end, curve: curve.points, energy: resumedFrom > 0 ? unknownEnergy : energy };
  } finally {
    meter.close();
    reporter.flush();
    await curve.close();
  }
}

/** The trainer has read them by now. What people said lies nowhere longer than it has to, also where a training is given up. */
function forgetRows(work: string): void {
  for (const name of ['train.jsonl', 'evaluation.jsonl', 'job.json']) {
    void rm(path.join(work, name), { force: true }).catch(() => undefined);
  }
}

/** From the steps that were timed, so that the next estimate on this machine is a measured one. */
async function rememberSpeed(
  { cacheFolder }: TrainingOptions,
  base: TrainingBase,
  { device, precision, tokens }: TrainerPlan,
  tokensPerSecond: readonly number[],
): Promise<void> {
  const shape = await readBaseShape(base).catch(() => null);
  if (shape === null || tokensPerSecond.length < leastTimedSteps) return;
  const [median = 0] = [...tokensPerSecond].sort((a, b) => a - b).slice(Math.floor(tokensPerSecond.length / 2));
  const share = tokens.train === 0 ? 0 : tokens.trained / tokens.train;
  const at = { device: device === 'cuda' ? 'cuda' : 'cpu', precision, threads } as const;
  await keepSpeed(cacheFolder, at, median * countTokenOperations(shape, share));
}

/** Fewer say more about the noise of a machine than about its speed. */
const leastTimedSteps = 5;

async function writeRows(
  file: string,
  rows: AsyncIterable<TrainingRow> | Iterable<TrainingRow>,
  signal: AbortSignal,
): Promise<number> {
  let count = 0;
  async function* lines() {
    for await (const { id, messages, trained } of rows) {
      count += 1;
      yield `${JSON.stringify({ id, messages, trained })}\n`;
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(file), { signal });
  return count;
}

function describeTrained(of: {
  readonly plan: TrainerPlan;
  readonly end: TrainerEnd;
  readonly energy: Energy;
  readonly hardware: string;
}): Omit<Trained, 'adapter' | 'curve'> {
  const { plan, end, energy, hardware } = of;
  const { evaluationLoss = null } = end;
  return {
    steps: end.steps ?? plan.steps,
    evaluationLoss: evaluationLoss === null ? null : { before: evaluationLoss.before, best: evaluationLoss.best },
    seconds: end.seconds ?? 0,
    rows: plan.rows,
    tokens: plan.tokens,
    stopped: end.stopped ?? 'complete',
    hardware,
    device: plan.device === 'cuda' ? 'cuda' : 'cpu',
    precision: plan.precision,
    peakMemory: end.peakMemory ?? null,
    work: { processorSeconds: end.processorSeconds ?? null, deviceSeconds: end.deviceSeconds ?? null },
    energy,
  };
}

/** Where the trainer keeps bases that it has converted from GGUF, for all data folders of this machine. */
function basesFolder(cacheFolder: string): string {
  return path.join(cacheFolder, 'training-bases');
}

async function isConverted(cacheFolder: string, base: TrainingBase, precision: Precision): Promise<boolean> {
  if (base.kind !== 'gguf') return true;
  const folder = path.join(basesFolder(cacheFolder), `${base.sha256}-${precision}`);
  return (await stat(folder).catch(() => null)) !== null;
}

/** Keys may hold anything, and folders' names may not. */
function nameWork(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 32);
}

/** As the trainer chooses for `auto`: bfloat16 where the processor multiplies it itself, since it is slower elsewhere. */
export function choosePrecision(
  asked: TrainingSettings['precision'],
  device: 'cpu' | 'cuda',
  processorFlags: string,
): Precision {
  if (asked !== 'auto') return asked;
  if (device === 'cuda') return 'bfloat16';
  return /\b(amx_bf16|avx512_bf16)\b/.test(processorFlags) ? 'bfloat16' : 'float32';
}

async function readProcessorFlags(): Promise<string> {
  const text = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  return /^flags\s*:(.*)$/m.exec(text)?.[1] ?? '';
}

/** Of a model whose shape nobody knows yet, steps are all that can be told; nothing is refused for it. */
function unknownEstimate({ batchSize, epochs }: TrainingSettings, rows: number, machine: MachineMemory) {
  const steps = Math.ceil(rows / batchSize) * epochs;
  const memory = { needed: 0, free: machine.free, held: 0, device: machine.device };
  return { verdict: 'tight', memory, seconds: 0, steps } satisfies TrainingEstimate;
}
