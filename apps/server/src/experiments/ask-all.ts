import { notApplicable } from '@kumiki/evals';
import type { Work } from '@kumiki/node-sdk';
import { type AnswerKey, keepAnswer, listAnswerKeys } from '@kumiki/store';
import { nameModels, type OpenArm } from './arms.ts';
import { askQuestion } from './ask-question.ts';
import type { KeptSettings } from './experiment-settings.ts';
import { measureWork } from './measure-work.ts';
import { metricIds } from './metric-ids.ts';
import { orderAnswers } from './order-answers.ts';
import { Progress } from './progress.ts';
import type { ExperimentJob } from './run-experiment.ts';
import { scoreAnswer } from './score-answer.ts';

/** Nobody asks this, so that it leaves nothing in a prompt cache that a question finds again. */
const warmUpQuestion = 'Kumiki: 1 + 1';
/** Some hosts are asked over the network for what they hold. */
const memoryMilliseconds = 5_000;

/** Asks everything that was not asked yet, one question at a time, and keeps each answer before the next is asked. */
export async function askAll(
  job: ExperimentJob,
  { arms, settings }: { readonly arms: readonly OpenArm[]; readonly settings: KeptSettings },
): Promise<{ readonly answered: number; readonly failed: number }> {
  const { parts, at, questions, emit, signal } = job;
  const byKey = new Map(arms.map((open) => [open.arm.key, open]));
  const groups = orderAnswers({
    arms: arms.map(({ arm }) => ({ key: arm.key, models: nameModels(arm) })),
    rows: [...questions.keys()],
    repetitions: settings.repetitions,
    seed: settings.seed,
  });
  const known = await listAnswerKeys(parts.database, at.experiment);
  const made = new Set(known.map(nameAnswer));
  let failed = known.filter(({ state }) => state === 'failed').length;
  let answered = known.length - failed;
  const left = groups.flatMap(({ answers }) => answers).filter((answer) => !made.has(nameAnswer(answer)));
  const progress = new Progress(emit, {
    stage: 'asking',
    ...{ total: known.length + left.length, done: known.length, failed },
    left: new Map(arms.map(({ arm: { key } }) => [key, left.filter(({ arm }) => arm === key).length])),
  });
  const memory = watchMemory(job);
  let warm: string | null = null;
  for (const { models, answers } of groups) {
    for (const key of answers) {
      if (made.has(nameAnswer(key))) continue;
      signal.throwIfAborted();
      const [open, question] = [byKey.get(key.arm), questions.get(key.row)];
      if (open === undefined || question === undefined) continue;
      const asked = { workspace: at.workspace, run: at.run, input: settings.input };
      const { content } = question;
      if (warm !== models) {
        const warmUp = { question: warmUpQuestion, inputs: content.inputs };
        const usesModels = open.arm.models.length > 0;
        // That it fails is no matter: the measured question says so by itself.
        if (usesModels) await askQuestion(parts, open, { ...asked, content: warmUp }, signal);
        warm = models;
      }
      const { result: answer, work } = await measureWork(job, open.arm, () =>
        askQuestion(parts, open, { ...asked, content }, signal),
      );
      if (answer === null) throw signal.reason;
      const scores = {
        ...scoreAnswer(content, answer, settings),
        ...(answer.state === 'failed' ? {} : { ...scoreWork(work), [metricIds.peakMemory]: await memory() }),
      };
      await keepAnswer(parts.database, at, { ...key, ...answer, scores });
      if (answer.state === 'failed') failed += 1;
      else answered += 1;
      progress.step(key.arm, answer.totalMilliseconds, answer.state === 'failed');
    }
  }
  return { answered, failed };
}

function nameAnswer({ arm, row, repetition }: AnswerKey): string {
  return `${arm} ${row} ${repetition}`;
}

function scoreWork({ processorSeconds, deviceSeconds }: Work) {
  return {
    [metricIds.processorTime]: processorSeconds ?? notApplicable('not-told'),
    [metricIds.deviceTime]: deviceSeconds ?? notApplicable('not-told'),
  };
}

/** What models hold of the memory, looked at now and then, and never while an answer is measured. */
function watchMemory({ parts, at, signal }: ExperimentJob) {
  let seen = { bytes: 0, at: Number.NEGATIVE_INFINITY };
  return async () => {
    if (performance.now() - seen.at >= memoryMilliseconds) {
      seen = { bytes: await parts.findHeldMemory(at.workspace, signal), at: performance.now() };
    }
    return seen.bytes === 0 ? notApplicable('not-told') : seen.bytes;
  };
}
