import { type ArmFacts, computeQuantile, type Latency } from '@kumiki/evals';
import type { Work } from '@kumiki/node-sdk';
import {
  type AnswerMeasure,
  type ArtifactWork,
  type Database,
  findArtifactWork,
  listRunEvents,
  readTunedModelByDigest,
  type TunedModelRow,
} from '@kumiki/store';
import type { z } from 'zod';
import type { experimentReportSchema } from '../../contract/experiment-report.ts';
import { embeddedId } from '../../models/host-directory.ts';
import { addUpKnown, addUpWork, unknownWork } from '../../models/work.ts';
import type { RunEvent } from '../../runs/event-log.ts';
import { readCard } from '../../training/model-card.ts';
import type { Arm } from '../arms.ts';
import { metricIds } from '../metric-ids.ts';
import type { ProbedFacts } from '../probe-facts.ts';

export type ReportArm = z.infer<typeof experimentReportSchema>['arms'][number];
type TrainedModel = ReportArm['trained'][number];

/** What was prepared for an arm. */
export type Preparation = {
  readonly trained: readonly TrainedModel[];
  /** Null where a part of it is not known. */
  readonly diskBytes: number | null;
  readonly seconds: number | null;
  /** As far as it is measured: trainings tell it, indexes and data sets do not. */
  readonly work: Work;
  /** Nothing was built from documents or conversations, so that none can reach it. */
  readonly isBare: boolean;
};

/** Node types that leave something behind which takes time; models and templates are found at once. */
const madeFamilies: ReadonlySet<string> = new Set(['index', 'dataset', 'finetune']);

export async function findPreparation(database: Database, workspace: string, arm: Arm): Promise<Preparation> {
  const made = arm.fingerprints.filter(({ nodeType }) => madeFamilies.has(nodeType.split('/')[0] ?? ''));
  const work = made.length === 0 ? [] : await findArtifactWork(database, { workspace, artifacts: made });
  const rows = await findTunedRows(database, workspace, arm);
  const trained = await Promise.all(rows.map(({ node, row }) => describeTrained(database, node, row)));
  const adapterBytes = rows.map(({ row }) => row?.adapter.files.reduce((sum, { bytes }) => sum + bytes, 0) ?? null);
  // An adapter's files are what its artifact names, and are not counted twice.
  const others = work.filter(({ fingerprint }) => !isTuning(made, fingerprint));
  return {
    trained,
    diskBytes: addUpKnown([...others.map(({ bytes }) => bytes), ...adapterBytes]),
    seconds: addUpKnown(work.map((one) => findSeconds(one, made, trained))),
    work: addUpWork([
      ...rows.map(({ row }) => (row === null ? null : readCard(row).training?.work) ?? unknownWork),
      ...(others.length === 0 ? [] : [findOtherWork(arm)]),
    ]),
    isBare: made.length === 0 && rows.length === 0,
  };
}

/**
 * Of indexes and data sets: nobody counts their processors' time, and a GPU took part only by an embedding model that is not
 * embedded.
 */
function findOtherWork({ models }: Arm): Work {
  const isEmbedded = models.every(({ purpose, host }) => purpose !== 'embedding' || host === embeddedId);
  return { processorSeconds: null, deviceSeconds: isEmbedded ? 0 : null };
}

function isTuning(made: Arm['fingerprints'], fingerprint: string): boolean {
  return made.some((one) => one.fingerprint === fingerprint && one.nodeType.startsWith('finetune/'));
}

/** Where the run that trained is no longer kept, the model's card still tells how long it took. */
function findSeconds(
  { fingerprint, milliseconds }: ArtifactWork,
  made: Arm['fingerprints'],
  trained: readonly TrainedModel[],
): number | null {
  if (milliseconds !== null) return milliseconds / 1_000;
  if (!isTuning(made, fingerprint)) return null;
  return (
    trained.find(({ node }) => made.some((one) => one.node === node && one.fingerprint === fingerprint))?.seconds ??
    null
  );
}

async function findTunedRows(database: Database, workspace: string, { models }: Arm) {
  const tuned = models.flatMap(({ node, adapter }) => (adapter === null ? [] : [{ node, digest: adapter }]));
  return Promise.all(
    tuned.map(async ({ node, digest }) => ({
      node,
      row: await readTunedModelByDigest(database, { workspace, digest }),
    })),
  );
}

async function describeTrained(database: Database, node: string, row: TunedModelRow | null): Promise<TrainedModel> {
  const training = row === null ? null : readCard(row).training;
  return {
    node,
    name: row?.name ?? row?.base.name ?? node,
    steps: training?.steps ?? null,
    seconds: training?.seconds ?? null,
    rows: training?.rows.train ?? null,
    tokens: training?.tokens.train ?? null,
    hardware: training?.hardware ?? null,
    peakMemory: training?.peakMemory ?? null,
    energy: training?.energy ?? null,
    losses: row === null || row.runId === null ? [] : await readLosses(database, row.runId, row.node),
  };
}

const eventsAtOnce = 1_000;
const mostPoints = 500;

/** How the loss went, as the events of the training's run tell it: by step, the last word on each. */
async function readLosses(database: Database, run: string, node: string | null): Promise<TrainedModel['losses']> {
  const points = new Map<number, TrainedModel['losses'][number]>();
  for (let after = 0; ; ) {
    const rows = await listRunEvents(database, { run, after, limit: eventsAtOnce });
    for (const { event } of rows) {
      // The edge: what the store keeps of an event is what was made as one.
      const told = event as unknown as RunEvent;
      if (told.type !== 'node-progress' || told.training?.type !== 'points') continue;
      if (node !== null && told.node !== node) continue;
      for (const { step, ...point } of told.training.points) {
        // A step that was evaluated too is told by two points.
        const known = points.get(step) ?? { loss: null, evaluationLoss: null };
        const { loss = known.loss, evaluationLoss = known.evaluationLoss } = point;
        points.set(step, { step, loss, evaluationLoss });
      }
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < eventsAtOnce) break;
    after = last.sequence;
  }
  const sorted = [...points.values()].toSorted((one, other) => one.step - other.step);
  const every = Math.ceil(sorted.length / mostPoints);
  return sorted.filter(({ evaluationLoss }, place) => evaluationLoss !== null || place % every === 0);
}

/** Seconds, and tokens per second after the first text. */
export function measureSpeed(measures: readonly AnswerMeasure[]): ReportArm['speed'] {
  const answered = measures.filter(({ state }) => state !== 'failed');
  return {
    firstToken: findQuantiles(answered.flatMap((one) => toSeconds(one.firstTokenMilliseconds))),
    total: findQuantiles(answered.flatMap((one) => toSeconds(one.totalMilliseconds))),
    tokensPerSecond: findQuantiles(
      answered.flatMap(({ usage, firstTokenMilliseconds: first, totalMilliseconds: total }) => {
        if (usage === null || usage.completionTokens === 0 || first === null || total <= first) return [];
        return [usage.completionTokens / ((total - first) / 1_000)];
      }),
    ),
  };
}

function toSeconds(milliseconds: number | null): readonly number[] {
  return milliseconds === null ? [] : [milliseconds / 1_000];
}

function findQuantiles(values: readonly number[]): Latency | null {
  if (values.length === 0) return null;
  return { p50: computeQuantile(values, 0.5), p95: computeQuantile(values, 0.95), answers: values.length };
}

/** Mean per answer; null where no host counted. */
export function measureTokens(measures: readonly AnswerMeasure[]): ReportArm['tokens'] {
  const mean = (read: (usage: NonNullable<AnswerMeasure['usage']>) => number) => {
    const counts = measures.flatMap(({ usage }) => (usage === null || read(usage) === 0 ? [] : [read(usage)]));
    return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0) / counts.length;
  };
  return { in: mean(({ promptTokens }) => promptTokens), out: mean(({ completionTokens }) => completionTokens) };
}

export function findPeakMemory(measures: readonly AnswerMeasure[]): number | null {
  const seen = measures.flatMap(({ scores }) => {
    const value = scores[metricIds.peakMemory];
    return typeof value === 'number' ? [value] : [];
  });
  return seen.length === 0 ? null : Math.max(...seen);
}

/** What answers, indexes and data sets take of energy is read nowhere, so that it is not told. */
function tellWork({ processorSeconds, deviceSeconds }: Work) {
  return { cpuSeconds: processorSeconds, gpuSeconds: deviceSeconds, kilowattHours: null };
}

/** Of an arm's answers. A model's process that is replaced takes what it told of an answer or two with it. */
const leastKnownShare = 0.9;

/**
 * What answers took of processors and GPUs in the mean, a thousand times, over those that a host told it of; null where
 * it did not of more than a tenth.
 */
export function measureThousand(measures: readonly Pick<AnswerMeasure, 'state' | 'scores'>[]): Work {
  const answered = measures.filter(({ state }) => state !== 'failed');
  const thousand = (metric: string) => {
    const known = answered.map(({ scores }) => scores[metric]).filter((value) => typeof value === 'number');
    if (known.length === 0 || known.length < leastKnownShare * answered.length) return null;
    return (1_000 * known.reduce((sum, value) => sum + value, 0)) / known.length;
  };
  return { processorSeconds: thousand(metricIds.processorTime), deviceSeconds: thousand(metricIds.deviceTime) };
}

export function describeFacts(
  arm: ReportArm,
  preparation: Preparation,
  probed: ProbedFacts | undefined,
  measures: readonly AnswerMeasure[],
): ArmFacts {
  const { speed, tokens } = arm;
  const thousand = (count: number | null) => (count === null ? null : count * 1_000);
  const isMeasured = speed.total !== null;
  return {
    arm: arm.key,
    preparation: preparation.seconds === null ? null : { ...tellWork(preparation.work), seconds: preparation.seconds },
    newFacts: preparation.isBare ? { kind: 'no-way-in' } : describeNewFacts(probed),
    latency: { firstToken: speed.firstToken, total: speed.total },
    perThousandAnswers: isMeasured
      ? { ...tellWork(measureThousand(measures)), tokensIn: thousand(tokens.in), tokensOut: thousand(tokens.out) }
      : null,
  };
}

function describeNewFacts(probed: ProbedFacts | undefined): ArmFacts['newFacts'] {
  if (probed === undefined || probed.seconds === null) return null;
  const { seconds, retrains, asked, known, work } = probed;
  return { kind: 'measured', seconds, retrains, work: tellWork(work), asked, known };
}
