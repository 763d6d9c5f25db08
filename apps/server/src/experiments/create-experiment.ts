import { randomInt } from 'node:crypto';
import { allMetrics } from '@kumiki/evals';
import { type BlobStore, KumikiError } from '@kumiki/node-sdk';
import {
  createId,
  type Database,
  insertExperiment,
  type QuestionRow,
  type QuestionSetRow,
  readCollection,
  readQuestionSet,
  readQuestions,
} from '@kumiki/store';
import type { z } from 'zod';
import type { experimentSettingsSchema } from '../contract/experiments.ts';
import { describeHardware } from '../machine.ts';
import type { HostDirectory } from '../models/host-directory.ts';
import { queueRuns } from '../runs/run-intake.ts';
import type { StartParts } from '../runs/start-run.ts';
import { findArms, type OpenArm } from './arms.ts';
import type { Findings, KeptSettings } from './experiment-settings.ts';
import { type ExperimentWarning, findWarnings } from './find-warnings.ts';
import { metricIds } from './metric-ids.ts';
import { findTrainedQuestions, type TrainedQuestions } from './trained-questions.ts';

export type ExperimentRequest = z.infer<typeof experimentSettingsSchema>;

export type CreateParts = {
  readonly database: Database;
  readonly start: Pick<StartParts, 'openQueue' | 'plans'>;
  readonly hosts: HostDirectory;
  readonly blobs: BlobStore;
  readonly signal: AbortSignal;
};

/** All that is found out before anything is asked. */
export type CheckedExperiment = {
  readonly arms: readonly OpenArm[];
  readonly settings: KeptSettings;
  readonly findings: Findings;
  readonly questionSet: QuestionSetRow;
  readonly planned: number;
};

/**
 * Finds arms, questions and models, and what is to be known of them. Throws what `findArms` throws, and
 * `question-set-unknown`, `collection-unknown`, `questions-none`, `baseline-unknown`, `metric-unknown`, `model-unknown`, `model-purpose`.
 */
export async function checkExperiment(
  parts: CreateParts,
  workspace: string,
  request: ExperimentRequest,
): Promise<CheckedExperiment> {
  const { database, start, hosts, signal } = parts;
  if (request.baseline >= request.arms.length) throw refuseBaseline();
  const questionSet = await readQuestionSet(database, { workspace, questionSet: request.questionSet });
  const questions: QuestionRow[] = [];
  for await (const question of readQuestions(database, { workspace, questionSet: questionSet.id })) {
    if (question.redactedAt === null) questions.push(question);
  }
  if (questions.length === 0) throw refuseForgotten();
  if (request.probe !== null) await readCollection(database, { workspace, collection: request.probe.collection });
  const findQuantisation = async ({ host, name }: { readonly host: string; readonly name: string }) => {
    const opened = await hosts.open(workspace, host);
    // A host that is away says so by every answer; it is no reason not to begin.
    return opened.inspect(name, signal).then(
      ({ quantisation }) => quantisation,
      () => null,
    );
  };
  const armParts = { database, plans: start.plans, findQuantisation };
  const arms = await findArms(armParts, { workspace, arms: request.arms, input: request.input });
  const trained = await findTrainedQuestions(parts, { workspace, arms, questions });
  const clusters = new Set(questions.map(({ content }) => content.cluster)).size;
  const warnings = findWarnings(
    arms.map(({ arm }) => arm),
    { rows: questions.length, clusters },
  );
  const inspect = (asked: { readonly host: string; readonly model: string }, purpose: 'chat' | 'embedding') =>
    inspectModel(parts, workspace, asked, purpose);
  const embedding = request.embedding === null ? null : await inspect(request.embedding, 'embedding');
  const judge = request.judge === null ? null : await inspect(request.judge, 'chat');
  const settings = {
    ...request,
    seed: request.seed ?? randomInt(2 ** 31),
    primary: choosePrimary(request.primary, questions),
  };
  return {
    ...{ arms, settings, questionSet },
    planned: arms.length * questions.length * request.repetitions,
    findings: {
      warnings: [...warnings, ...warnOfTraining(arms, trained)],
      trained: [...trained.trained],
      hardware: describeHardware(),
      judge: judge === null ? null : { host: judge.host, name: judge.name, digest: judge.digest },
      embedding,
    },
  };
}

/** Enqueues an experiment: its run and all that it needs are written by one transaction. Gives its id. */
export async function createExperiment(
  parts: CreateParts,
  workspace: string,
  request: ExperimentRequest,
): Promise<string> {
  const { arms, settings, findings, questionSet, planned } = await checkExperiment(parts, workspace, request);
  const [first] = arms;
  if (first === undefined) throw refuseBaseline();
  const { database } = parts;
  // Before the transaction: on the embedded database, nothing else can be asked while it is open.
  const queue = await parts.start.openQueue();
  const run = createId();
  const id = await database.transaction(async (transaction) => {
    const { flow, version } = first.arm;
    await queueRuns(transaction, queue, [{ id: run, workspace, kind: 'experiment', flow, version }]);
    return insertExperiment(transaction, {
      ...{ workspace, run, questionSet: questionSet.id, planned },
      ...{ name: settings.name, seed: settings.seed, repetitions: settings.repetitions },
      flows: arms.map(({ arm }) => arm.flow),
      // JSON by their schemas, whose types speak of unknown values within.
      settings: settings as never,
      arms: arms.map(({ arm }) => arm) as never,
      findings: findings as never,
    });
  });
  queue.announce('experiment');
  return id;
}

const embeddingTokens = 512;

async function inspectModel(
  { hosts, signal }: CreateParts,
  workspace: string,
  { host, model }: { readonly host: string; readonly model: string },
  purpose: 'chat' | 'embedding',
) {
  const opened = await hosts.open(workspace, host);
  const found = await opened.inspect(model, signal);
  if (!found.purposes.includes(purpose)) throw refusePurpose(model, purpose);
  const { name, digest, dimensions, contextLength } = found;
  return { host, name, digest, dimensions: dimensions ?? 0, maximumTokens: contextLength ?? embeddingTokens };
}

/** What decides is chosen before anything is measured. Japanese is not written in words, so its characters are compared. */
function choosePrimary(asked: string | null, questions: readonly QuestionRow[]): string {
  if (asked !== null) {
    const metric = allMetrics.find(({ id }) => id === asked);
    if (metric === undefined || metric.kind === 'amount') throw refuseMetric(asked);
    return asked;
  }
  const references = questions.flatMap(({ content }) => content.references);
  const japanese = references.filter((text) => /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text));
  return japanese.length * 2 >= references.length ? metricIds.characterF1 : metricIds.tokenF1;
}

function warnOfTraining(
  arms: readonly OpenArm[],
  { trained, unknown }: TrainedQuestions,
): readonly ExperimentWarning[] {
  const names = (keys: ReadonlySet<string>) => arms.filter(({ arm }) => keys.has(arm.key)).map(({ arm }) => arm.name);
  const list = (keys: ReadonlySet<string>, open: string, close: string) =>
    names(keys).map((name) => `${open}${name}${close}`);
  const warnings: ExperimentWarning[] = [];
  const overlapping = new Set(trained.map(({ arm }) => arm));
  if (overlapping.size > 0) {
    const rows = (kind: 'exact' | 'near') =>
      new Set(trained.filter((one) => one.kind === kind).map(({ row }) => row)).size;
    warnings.push({
      code: 'trained-on-questions',
      arms: [...overlapping],
      message: {
        en: `The model of ${list(overlapping, '“', '”').join(', ')} was trained on ${rows('exact')} of these questions, and on nearly ${rows('near')} more.`,
        ja: `${list(overlapping, '「', '」').join('')}のモデルは、この質問のうち ${rows('exact')} 件と同じ質問、${rows('near')} 件とよく似た質問で学習しています。`,
      },
    });
  }
  const unclear = new Set(unknown);
  if (unclear.size > 0) {
    warnings.push({
      code: 'training-data-unknown',
      arms: [...unclear],
      message: {
        en: `Nobody knows any more what the model of ${list(unclear, '“', '”').join(', ')} was trained on, so it may know these questions.`,
        ja: `${list(unclear, '「', '」').join('')}のモデルの教材が残っていないため、この質問で学習していないかを確認できません。`,
      },
    });
  }
  return warnings;
}

function refuseBaseline(): KumikiError {
  return new KumikiError({
    code: 'baseline-unknown',
    status: 422,
    path: '/baseline',
    message: {
      en: 'The baseline is not one of the arms. Give its place in the list of arms, counted from 0.',
      ja: '基準の案が、案の一覧にありません。一覧での位置を 0 から数えて指定してください。',
    },
  });
}

function refuseForgotten(): KumikiError {
  return new KumikiError({
    code: 'questions-none',
    status: 422,
    path: '/questionSet',
    message: {
      en: 'All questions of this set have been forgotten. Make a new question set.',
      ja: 'この質問セットの質問は、すべて消去されています。新しい質問セットを用意してください。',
    },
  });
}

function refusePurpose(model: string, purpose: 'chat' | 'embedding'): KumikiError {
  const isJudge = purpose === 'chat';
  return new KumikiError({
    code: 'model-purpose',
    status: 422,
    path: isJudge ? '/judge' : '/embedding',
    message: {
      en: `The model “${model}” is no ${isJudge ? 'chat' : 'embedding'} model. Choose another one.`,
      ja: `モデル「${model}」は${isJudge ? '対話' : '埋め込み'}モデルではありません。別のモデルを選んでください。`,
    },
  });
}

function refuseMetric(metric: string): KumikiError {
  return new KumikiError({
    code: 'metric-unknown',
    status: 422,
    path: '/primary',
    message: {
      en: `“${metric}” is no metric of quality. Choose one of: ${qualityMetrics.join(', ')}.`,
      ja: `「${metric}」という品質の指標はありません。次から選んでください：${qualityMetrics.join('、')}`,
    },
  });
}

const qualityMetrics = allMetrics.flatMap(({ id, kind }) => (kind === 'amount' ? [] : [id]));
