import { compareArms, decide, type JudgeAgreement, priceArms, renderDecision } from '@kumiki/evals';
import {
  type Database,
  type ExperimentRow,
  listAnswerMeasures,
  listJudgements,
  listLabels,
  type QuestionRow,
  type QuestionSetRow,
  readQuestionSet,
  readQuestions,
  refuseUnderWay,
} from '@kumiki/store';
import type { z } from 'zod';
import { experimentFormSchema } from '../../contract/comparison.ts';
import type { experimentReportSchema } from '../../contract/experiment-report.ts';
import { unknownWork } from '../../models/work.ts';
import { version } from '../../version.ts';
import { type Arm, readArms } from '../arms.ts';
import { readFindings, readSettings } from '../experiment-settings.ts';
import { findBlindPairs } from '../label-pairs.ts';
import { judgedMetrics } from '../metric-ids.ts';
import { findBaseline } from '../pairs.ts';
import { readProbedFacts } from '../probe-facts.ts';
import { describeQuestionSet } from '../question-sets.ts';
import {
  describeFacts,
  findPeakMemory,
  findPreparation,
  measureSpeed,
  measureTokens,
  type Preparation,
  type ReportArm,
} from './arm-facts.ts';
import { describeJudge, describeLabels } from './judge-report.ts';
import { chooseMetrics, listMeasuredAnswers, type Measured } from './measured-answers.ts';
import { leftOutTexts, listLimits, order, promptCache } from './report-texts.ts';

export type ExperimentReport = z.infer<typeof experimentReportSchema>;

/** A difference of five points, where nobody says what matters. */
const usualDifference = 0.05;

/** The whole report, made anew from what was kept each time that it is asked for. Throws `experiment-under-way`. */
export async function makeReport(database: Database, experiment: ExperimentRow): Promise<ExperimentReport> {
  const { workspaceId: workspace, state } = experiment;
  if (state === 'queued' || state === 'running') throw refuseUnderWay();
  const questionSet = await readQuestionSet(database, { workspace, questionSet: experiment.questionSetId });
  const measured = await readMeasured(database, experiment);
  const { arms, settings, findings, questions, measures } = measured;
  const keys = arms.map(({ key }) => key);
  const baseline = findBaseline(keys, settings);
  const form = experimentFormSchema.parse(experiment.form);
  const metrics = chooseMetrics(measured);
  const comparison = compareArms({
    answers: listMeasuredAnswers(measured),
    ...{ arms: keys, baseline, primary: settings.primary, seed: settings.seed },
    // What they mean is told once, beside the comparison.
    metrics: metrics.map(({ id, kind, unit, better, range }) => ({ id, kind, unit, better, range })),
    smallestDifference: form.smallestDifference ?? usualDifference,
  });
  const prepared = await Promise.all(arms.map((arm) => findPreparation(database, workspace, arm)));
  const described = arms.map((arm, place) => describeArm(arm, { baseline, measured, preparation: prepared[place] }));
  const probed = readProbedFacts(experiment.facts);
  const facts = described.map((arm, place) =>
    describeFacts(
      arm,
      prepared[place] ?? unprepared,
      probed.find((one) => one.arm === arm.key),
      measures.filter((measure) => measure.arm === arm.key),
    ),
  );
  const clusters = new Map(questions.map(({ number, content }) => [number, content.cluster]));
  const clusterOf = (row: number) => clusters.get(row) ?? '';
  const judgements = await listJudgements(database, experiment.id);
  const pairs = await findBlindPairs(database, experiment);
  const labels = describeLabels({
    ...{ pairs, judgements, clusterOf, seed: settings.seed },
    labels: await listLabels(database, experiment.id),
  });
  const agreement: JudgeAgreement | null = judgedMetrics.has(settings.primary)
    ? { kappa: labels.kappa, labels: labels.labelled }
    : null;
  const decision = decide({ comparison, facts, answers: form, judge: agreement });
  const names = Object.fromEntries(arms.map(({ key, name }) => [key, { en: name, ja: name }]));
  const text = renderDecision(decision, names);
  const count = (which: (measure: Measured['measures'][number]) => boolean) => measures.filter(which).length;
  const report = {
    format: 'kumiki/report@1' as const,
    experiment: {
      ...{ id: experiment.id, name: experiment.name, run: experiment.runId, state },
      complete: measures.length >= experiment.planned,
      kumiki: version,
      createdAt: experiment.createdAt.toISOString(),
      startedAt: experiment.startedAt?.toISOString() ?? null,
      endedAt: experiment.endedAt?.toISOString() ?? null,
    },
    settings,
    reproduce: {
      seed: settings.seed,
      questionSet: nameQuestionSet(questionSet),
      ...{ order, promptCache, hardware: findings.hardware },
    },
    arms: described,
    warnings: findings.warnings,
    counts: {
      rows: questions.length,
      clusters: new Set(questions.map(({ content }) => content.cluster)).size,
      repetitions: settings.repetitions,
      planned: experiment.planned,
      answered: count((measure) => measure.state === 'answered'),
      refused: count((measure) => measure.state === 'refused'),
      failed: count((measure) => measure.state === 'failed'),
      leftOut: listLeftOut(questionSet, measured),
    },
    ...{ metrics, comparison, facts, costs: priceArms(facts, form), form },
    judge: describeJudge(findings.judge, { judgements, clusterOf, seed: settings.seed }),
    labels,
    decision: {
      outcome: decision.outcome,
      headline: text.headline,
      reasons: pairSentences(text.reasons, decision.reasons),
      excluded: pairSentences(text.excluded, decision.excluded),
      wouldChange: pairSentences(text.wouldChange, decision.wouldChange),
      missing: pairSentences(text.missing, decision.missing),
      cannotSay: listLimits(measured),
    },
  };
  // The contract's types are mutable, as zod infers them; what packages/evals gives is the same and is not.
  return report as unknown as ExperimentReport;
}

const unprepared: Preparation = { trained: [], diskBytes: null, seconds: null, work: unknownWork, isBare: false };

async function readMeasured(database: Database, experiment: ExperimentRow): Promise<Measured> {
  const measures = await listAnswerMeasures(database, experiment.id);
  const asked = new Set(measures.map(({ row }) => row));
  const questions: QuestionRow[] = [];
  const set = { workspace: experiment.workspaceId, questionSet: experiment.questionSetId };
  for await (const question of readQuestions(database, set)) {
    if (question.redactedAt === null || asked.has(question.number)) questions.push(question);
  }
  return {
    ...{ questions, measures },
    arms: readArms(experiment.arms),
    settings: readSettings(experiment.settings),
    findings: readFindings(experiment.findings),
  };
}

function describeArm(
  arm: Arm,
  of: { readonly baseline: string; readonly measured: Measured; readonly preparation: Preparation | undefined },
): ReportArm {
  const { trained, diskBytes } = of.preparation ?? unprepared;
  const measures = of.measured.measures.filter((measure) => measure.arm === arm.key);
  const count = (state: string) => measures.filter((measure) => measure.state === state).length;
  const { key, name, kind, flow, flowName, version: number, versionSha256, build, output } = arm;
  return {
    ...{ key, name, kind, flow, flowName, version: number, versionSha256, build, output },
    baseline: key === of.baseline,
    fingerprints: arm.fingerprints.map(({ node, fingerprint }) => ({ node, fingerprint })),
    models: arm.models,
    sampling: arm.sampling,
    answers: {
      ...{ made: measures.length, answered: count('answered') },
      ...{ refused: count('refused'), failed: count('failed') },
    },
    trained: [...trained],
    ...{ diskBytes, peakMemory: findPeakMemory(measures) },
    speed: measureSpeed(measures),
    tokens: measureTokens(measures),
  };
}

function nameQuestionSet({ id, name, sha256, redactedAt }: QuestionSetRow) {
  return { id, name, sha256, redacted: redactedAt !== null };
}

const shownRows = 20;
type LeftOut = ExperimentReport['counts']['leftOut'][number];

/** All that takes no part, from rows that could not be read to answers that an arm did not give. */
function listLeftOut(questionSet: QuestionSetRow, measured: Measured): readonly LeftOut[] {
  const unread = describeQuestionSet(questionSet).findings.flatMap(({ code, leftOut, message, count }): LeftOut[] =>
    leftOut ? [{ reason: code, arm: null, count, message, rows: [] }] : [],
  );
  const places = new Map<string, { reason: string; arm: string; rows: Set<number>; count: number }>();
  for (const { arm, row, outcome } of listMeasuredAnswers(measured)) {
    if (outcome.kind !== 'left-out') continue;
    const { reason } = outcome;
    const place = places.get(`${reason} ${arm}`) ?? { reason, arm, rows: new Set<number>(), count: 0 };
    place.rows.add(Number(row));
    place.count += 1;
    places.set(`${reason} ${arm}`, place);
  }
  const unmeasured = [...places.values()].map(({ reason, arm, rows, count }) => ({
    ...{ reason, arm, count },
    message: leftOutTexts[reason] ?? { en: reason, ja: reason },
    rows: [...rows].slice(0, shownRows),
  }));
  return [...unread, ...unmeasured];
}

/** Sentences come in the order of what they say. */
function pairSentences(
  sentences: readonly { readonly en: string; readonly ja: string }[],
  facts: readonly { readonly code: string }[],
) {
  return sentences.map((message, place) => {
    const { code = '', ...rest } = facts[place] ?? { code: '' };
    return { code, message, facts: rest };
  });
}
