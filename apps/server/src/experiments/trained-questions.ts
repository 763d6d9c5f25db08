import { type BlobStore, KumikiError } from '@kumiki/node-sdk';
import { DuplicateFinder } from '@kumiki/nodes';
import { type Database, type QuestionRow, readTunedModelByDigest } from '@kumiki/store';
import { z } from 'zod';
import { createDataSetAccess } from '../runs/data-set-access.ts';
import { readCard } from '../training/model-card.ts';
import { findTunedModels, type OpenArm } from './arms.ts';

/** A question that an arm's model learned, or nearly. */
export type TrainedQuestion = { readonly arm: string; readonly row: number; readonly kind: 'exact' | 'near' };

export const trainedQuestionSchema = z.object({ arm: z.string(), row: z.int(), kind: z.enum(['exact', 'near']) });

export type TrainedQuestions = {
  readonly trained: readonly TrainedQuestion[];
  /** Keys of arms with a tuned model of which nobody knows any more what it was trained on. */
  readonly unknown: readonly string[];
};

/** Jaccard index of pieces of four characters, from which two questions are taken for one. */
const nearSimilarity = 0.8;

type Parts = { readonly database: Database; readonly blobs: BlobStore; readonly signal: AbortSignal };

/** Finds questions that stand in the training set of an arm's tuned model: what it answers to them says nothing of others. */
export async function findTrainedQuestions(
  parts: Parts,
  of: { readonly workspace: string; readonly arms: readonly OpenArm[]; readonly questions: readonly QuestionRow[] },
): Promise<TrainedQuestions> {
  const { workspace, arms, questions } = of;
  const finders = new Map<string, DuplicateFinder | null>();
  const trained: TrainedQuestion[] = [];
  const unknown = new Set<string>();
  for (const open of arms) {
    for (const { adapter } of findTunedModels(open)) {
      if (adapter === null) continue;
      const { digest } = adapter;
      const finder = finders.get(digest) ?? (await readTrainingQuestions(parts, workspace, digest));
      finders.set(digest, finder);
      if (finder === null) {
        unknown.add(open.arm.key);
        continue;
      }
      for (const { number, content } of questions) {
        const found = finder.find(content.question);
        if (found !== null) trained.push({ arm: open.arm.key, row: number, kind: found.kind });
      }
    }
  }
  return { trained, unknown: [...unknown] };
}

/** Null where it is not known, or gone, what the model was trained on. */
async function readTrainingQuestions(
  { database, blobs, signal }: Parts,
  workspace: string,
  digest: string,
): Promise<DuplicateFinder | null> {
  const row = await readTunedModelByDigest(database, { workspace, digest });
  const sha256 = row === null ? undefined : readCard(row).dataset?.sha256;
  if (sha256 === undefined) return null;
  const finder = new DuplicateFinder(nearSimilarity);
  try {
    for await (const { id, messages, trained, split } of createDataSetAccess({ blobs, signal }).read({ sha256 })) {
      if (split !== 'train') continue;
      for (const place of trained) {
        const question = messages.slice(0, place).findLast(({ role }) => role === 'user');
        if (question !== undefined) finder.remember(`${id}#${place}`, question.content);
      }
    }
    return finder;
  } catch (error) {
    if (error instanceof KumikiError && error.code === 'dataset-missing') return null;
    throw error;
  }
}
