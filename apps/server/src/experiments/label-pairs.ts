import { KumikiError } from '@kumiki/node-sdk';
import {
  type Database,
  type ExperimentAnswerRow,
  type ExperimentLabelRow,
  type ExperimentRow,
  listAnswerMeasures,
  listAnswers,
  listLabels,
  type Page,
  parseNumberCursor,
  putLabel,
  type QuestionRow,
  readQuestions,
  refuseUnderWay,
  type Verdict,
} from '@kumiki/store';
import type { z } from 'zod';
import type { labelPairSchema } from '../contract/experiments.ts';
import { readArms } from './arms.ts';
import { readSettings } from './experiment-settings.ts';
import { readText } from './judge-all.ts';
import { type BlindPair, drawBlindPairs, findBaseline, listComparedPairs, turnVerdict } from './pairs.ts';

type LabelPair = z.infer<typeof labelPairSchema>;
type Side = NonNullable<LabelPair['verdict']>;

const verdictBySide = { left: 'first', right: 'second', tie: 'tie' } as const satisfies Record<Side, Verdict>;
const sideByVerdict = { first: 'left', second: 'right', tie: 'tie' } as const satisfies Record<Verdict, Side>;

/** Pairs of answers for people to compare: those in which both arms said something. */
export async function findBlindPairs(database: Database, experiment: ExperimentRow): Promise<readonly BlindPair[]> {
  if (experiment.state === 'queued' || experiment.state === 'running') throw refuseUnderWay();
  const settings = readSettings(experiment.settings);
  const arms = readArms(experiment.arms).map(({ key }) => key);
  const pairs = listComparedPairs(arms, findBaseline(arms, settings));
  const shown = new Map<number, Set<string>>();
  for (const { row, arm, repetition, hasText } of await listAnswerMeasures(database, experiment.id)) {
    if (repetition !== 1 || !hasText) continue;
    shown.set(row, (shown.get(row) ?? new Set()).add(arm));
  }
  const keys = [...shown].flatMap(([row, said]) =>
    pairs.filter(({ first, second }) => said.has(first) && said.has(second)).map((pair) => ({ row, ...pair })),
  );
  return drawBlindPairs(keys, experiment.seed);
}

/** `cursor` counts the pairs of earlier pages. */
export async function listLabelPairs(
  database: Database,
  experiment: ExperimentRow,
  options: {
    readonly caller: string;
    readonly unlabelled: boolean;
    readonly cursor?: string | undefined;
    readonly limit: number;
  },
): Promise<Page<LabelPair> & { readonly labelled: number; readonly total: number }> {
  const pairs = await findBlindPairs(database, experiment);
  const labels = (await listLabels(database, experiment.id)).filter(({ caller }) => caller === options.caller);
  const after = parseNumberCursor(options.cursor) ?? -1;
  const wanted = pairs.filter((pair) => pair.pair > after && !(options.unlabelled && findLabel(labels, pair)));
  const page = wanted.slice(0, options.limit);
  const items = await describePairs(database, experiment, { pairs: page, labels });
  const labelled = pairs.filter((pair) => findLabel(labels, pair) !== undefined).length;
  const next = wanted.length > page.length ? String(page.at(-1)?.pair ?? '') : null;
  return { items, next, labelled, total: pairs.length };
}

/** Throws `label-pair-unknown`. */
export async function labelPair(
  database: Database,
  experiment: ExperimentRow,
  said: { readonly caller: string; readonly pair: number; readonly verdict: Side | null },
): Promise<LabelPair> {
  const pair = (await findBlindPairs(database, experiment)).find((one) => one.pair === said.pair);
  if (pair === undefined) throw refuseUnknownPair();
  const { row, first, second } = pair;
  const { caller } = said;
  const at = { workspace: experiment.workspaceId, experiment: experiment.id, row, first, second, caller };
  await putLabel(database, at, said.verdict === null ? null : turnVerdict(verdictBySide[said.verdict], pair));
  const labels = (await listLabels(database, experiment.id)).filter((label) => label.caller === caller);
  const [described] = await describePairs(database, experiment, { pairs: [pair], labels });
  return described ?? refuseMissing();
}

async function describePairs(
  database: Database,
  experiment: ExperimentRow,
  { pairs, labels }: { readonly pairs: readonly BlindPair[]; readonly labels: readonly ExperimentLabelRow[] },
): Promise<readonly LabelPair[]> {
  if (pairs.length === 0) return [];
  const rows = new Set(pairs.map(({ row }) => row));
  const answers = await listAnswers(database, experiment.id, [...rows]);
  const questions = new Map<number, QuestionRow>();
  const set = { workspace: experiment.workspaceId, questionSet: experiment.questionSetId };
  for await (const question of readQuestions(database, set)) {
    if (rows.has(question.number)) questions.set(question.number, question);
  }
  return pairs.flatMap((pair) => {
    const question = questions.get(pair.row);
    return question === undefined ? [] : [describePair(pair, question, { answers, labels })];
  });
}

function describePair(
  pair: BlindPair,
  { content }: QuestionRow,
  of: { readonly answers: readonly ExperimentAnswerRow[]; readonly labels: readonly ExperimentLabelRow[] },
): LabelPair {
  const answers = of.answers.filter(({ row }) => row === pair.row);
  const [first, second] = [readText(answers, pair.first) ?? '', readText(answers, pair.second) ?? ''];
  const label = findLabel(of.labels, pair);
  return {
    pair: pair.pair,
    question: content.question,
    references: [...content.references],
    left: pair.isSwapped ? second : first,
    right: pair.isSwapped ? first : second,
    verdict: label === undefined ? null : sideByVerdict[turnVerdict(label.verdict, pair)],
  };
}

function findLabel(
  labels: readonly ExperimentLabelRow[],
  { row, first, second }: BlindPair,
): ExperimentLabelRow | undefined {
  return labels.find((label) => label.row === row && label.first === first && label.second === second);
}

function refuseUnknownPair(): KumikiError {
  return new KumikiError({
    code: 'label-pair-unknown',
    status: 404,
    message: {
      en: 'The experiment has no such pair of answers. Take one from its list of pairs.',
      ja: 'この実験に、指定された回答の組はありません。一覧にある組を指定してください。',
    },
  });
}

function refuseMissing(): never {
  throw new Error('A pair was drawn of a question that is not there');
}
