import { KumikiError, reportError, type TokenUsage, type Work } from '@kumiki/node-sdk';
import { nameDatabaseError, type QuestionRow, type RunRow, readExperimentOfRun, readQuestions } from '@kumiki/store';
import type { RunEvent } from '../runs/event-log.ts';
import { type ExecutionParts, logFailure, type RunOutcome } from '../runs/execute-run.ts';
import { openArms, readArms } from './arms.ts';
import { askAll } from './ask-all.ts';
import { readFindings, readSettings } from './experiment-settings.ts';
import { judgeAll } from './judge-all.ts';
import { probeFacts, readProbedFacts } from './probe-facts.ts';
import { scoreSimilarities } from './score-similarities.ts';

export type ExperimentParts = ExecutionParts & {
  /** What models hold of this machine's memory by now, in bytes; 0 where no host tells. */
  readonly findHeldMemory: (workspace: string, signal: AbortSignal) => Promise<number>;
  /** What the models of these hosts worked so far. */
  readonly findWork: (workspace: string, hosts: Iterable<string>, signal: AbortSignal) => Promise<Work>;
};

/** What every stage of an experiment works on. */
export type ExperimentJob = {
  readonly parts: ExperimentParts;
  readonly at: {
    readonly workspace: string;
    readonly experiment: string;
    readonly run: string;
    readonly attempt: number;
  };
  /** Those that can be asked: what was forgotten since cannot. */
  readonly questions: ReadonlyMap<number, QuestionRow>;
  readonly emit: (event: RunEvent) => void;
  readonly signal: AbortSignal;
};

const noUsage: TokenUsage = { promptTokens: 0, completionTokens: 0 };

/**
 * Carries out an experiment that was claimed: asks what was not asked yet, then scores and judges what was not scored and
 * judged yet, so that after an interruption nothing is done twice. Never rejects: what goes wrong is the outcome.
 */
export async function runExperiment(
  parts: ExperimentParts,
  row: RunRow,
  emit: (event: RunEvent) => void,
  signal: AbortSignal,
): Promise<RunOutcome> {
  const { database } = parts;
  const { id: run, attempt, workspaceId: workspace } = row;
  emit({ type: 'run-start', kind: 'experiment', at: new Date().toISOString() });
  try {
    const experiment = await readExperimentOfRun(database, run);
    const settings = readSettings(experiment.settings);
    const findings = readFindings(experiment.findings);
    const arms = await openArms(parts, workspace, readArms(experiment.arms));
    const questions = new Map<number, QuestionRow>();
    const set = { workspace, questionSet: experiment.questionSetId };
    for await (const question of readQuestions(database, set)) {
      if (question.redactedAt === null) questions.set(question.number, question);
    }
    const at = { workspace, experiment: experiment.id, run, attempt };
    const job: ExperimentJob = { parts, at, questions, emit, signal };
    const asked = await askAll(job, { arms, settings });
    if (asked.answered === 0) throw refuseWithoutAnswers(asked.failed);
    if (findings.embedding !== null) await scoreSimilarities(job, findings.embedding);
    if (findings.judge !== null) await judgeAll(job, { judge: findings.judge, arms, settings });
    if (settings.probe !== null) {
      const known = readProbedFacts(experiment.facts);
      await probeFacts(job, { probe: settings.probe, arms, settings, known });
    }
    return end('succeeded', null);
  } catch (error) {
    if (signal.aborted) return end('cancelled', null);
    const named = nameDatabaseError(error);
    logFailure(parts.log, run)(named, null);
    return end('failed', reportError(named));
  }
}

function end(state: RunOutcome['state'], error: RunOutcome['error']): RunOutcome {
  return { state, outputs: null, usage: noUsage, error, made: null };
}

function refuseWithoutAnswers(failed: number): KumikiError {
  return new KumikiError({
    code: 'experiment-without-answers',
    status: 422,
    message: {
      en: `None of the arms gave an answer: all ${failed} attempts failed. The rows of the experiment say why.`,
      ja: `どの案からも回答を得られませんでした（${failed} 件すべて失敗）。理由は実験の各行で確認できます。`,
    },
  });
}
