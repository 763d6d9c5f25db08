import { isApplicable, type MetricValue, notApplicable, scoreSimilarity } from '@kumiki/evals';
import { type EmbeddingModelValue, KumikiError, type ModelAccess } from '@kumiki/node-sdk';
import { findPrefixes } from '@kumiki/nodes';
import { addScores, type ExperimentAnswerRow, listAnswers } from '@kumiki/store';
import type { Findings } from './experiment-settings.ts';
import { metricIds } from './metric-ids.ts';
import { Progress } from './progress.ts';
import type { ExperimentJob } from './run-experiment.ts';

/** Answers of so many questions are read, embedded and kept at once. */
const rowsAtOnce = 20;

/** Compares answers with their references by an embedding model, as far as that was not done yet. */
export async function scoreSimilarities(
  job: ExperimentJob,
  embedding: NonNullable<Findings['embedding']>,
): Promise<void> {
  const { parts, at, questions, emit, signal } = job;
  const { models } = parts.bindServices(() => null)({
    ...{ workspace: at.workspace, run: at.run, kind: 'question', node: 'similarity', signal },
  });
  const model: EmbeddingModelValue = { ...embedding, prefixes: findPrefixes(embedding.name) };
  const rows = [...questions.keys()];
  const total = Math.ceil(rows.length / rowsAtOnce);
  const left = new Map([['similarity', total]]);
  const progress = new Progress(emit, { stage: 'scoring', total, done: 0, failed: 0, left });
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    signal.throwIfAborted();
    const began = performance.now();
    const answers = await listAnswers(parts.database, at.experiment, rows.slice(start, start + rowsAtOnce));
    const unscored = answers.filter(
      ({ state, scores }) => state !== 'failed' && scores[metricIds.similarity] === undefined,
    );
    const scored = await scoreAll(models, model, unscored, (row) => questions.get(row)?.content.references ?? []);
    await addScores(parts.database, at, scored);
    progress.step('similarity', performance.now() - began);
  }
}

async function scoreAll(
  models: Pick<ModelAccess, 'embed'>,
  model: EmbeddingModelValue,
  answers: readonly ExperimentAnswerRow[],
  referencesOf: (row: number) => readonly string[],
) {
  const texts = new Set(
    answers.flatMap(({ row, text }) => (text === null || text === '' ? [] : [text, ...referencesOf(row)])),
  );
  const vectors = await embedAll(models, model, [...texts]);
  return answers.map(({ arm, row, repetition, text }) => ({
    ...{ arm, row, repetition },
    scores: { [metricIds.similarity]: compare(text, referencesOf(row), vectors) },
  }));
}

/** Null where the model cannot be asked: that one metric has no value then, and the rest of the experiment has. */
async function embedAll(
  models: Pick<ModelAccess, 'embed'>,
  model: EmbeddingModelValue,
  texts: readonly string[],
): Promise<ReadonlyMap<string, Float32Array> | null> {
  try {
    // As questions, since what is embedded as a document is kept, and answers are not to outlive their experiment.
    const vectors = await models.embed(model, texts, 'query');
    return new Map(texts.flatMap((text, place) => (vectors[place] === undefined ? [] : [[text, vectors[place]]])));
  } catch (error) {
    if (error instanceof KumikiError && error.code !== 'database-down') return null;
    throw error;
  }
}

/** The reference that is nearest counts. */
function compare(
  text: string | null,
  references: readonly string[],
  vectors: ReadonlyMap<string, Float32Array> | null,
): MetricValue {
  if (references.length === 0) return notApplicable('no-reference');
  if (vectors === null) return notApplicable('not-told');
  const answer = vectors.get(text ?? '');
  if (answer === undefined) return notApplicable('zero-vector');
  const scores = references.flatMap((reference) => {
    const vector = vectors.get(reference);
    return vector === undefined ? [] : [scoreSimilarity(answer, vector)];
  });
  const values = scores.filter(isApplicable);
  return values.length === 0 ? notApplicable('zero-vector') : Math.max(...values);
}
