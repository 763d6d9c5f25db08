import type { BlobStore } from '@kumiki/node-sdk';
import {
  beginForgetting,
  cleanText,
  continueForgettings,
  countDocument,
  countSubject,
  type Database,
  type DocumentName,
  type ForgettingTarget,
  findDocument,
} from '@kumiki/store';
import type { z } from 'zod';
import type { ContentKeeper } from './content-keeper.ts';
import type { forgottenSchema } from './contract/data.ts';
import type { RunEvent } from './runs/event-log.ts';
import { createForgetExamples } from './runs/forget-examples.ts';
import { redactEvent } from './runs/redact-event.ts';
import type { ServerPresence } from './server-presence.ts';
import type { RunRecorder } from './serving/run-recorder.ts';

export type ForgetParts = {
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly contents: ContentKeeper;
  readonly recorder: RunRecorder;
  readonly presence: ServerPresence;
};

export type ForgetRequest = { readonly document: DocumentName } | { readonly subject: string };
type Forgotten = z.infer<typeof forgottenSchema>;

/** Forgets a document or a person, or tells what would go. */
export async function forget(
  parts: ForgetParts,
  { workspace, asked, dryRun }: { readonly workspace: string; readonly asked: ForgetRequest; readonly dryRun: boolean },
  signal: AbortSignal,
): Promise<Forgotten> {
  const { database } = parts;
  // What was answered just now is written down behind the answer.
  await parts.recorder.settle();
  const target = await findTarget(database, workspace, asked);
  const found = await countTarget(database, { workspace, target }, signal);
  if (dryRun) return { ...found, state: 'would-go' };
  await beginForgetting(database, { workspace, target });
  const waiting = await finishForgettings(parts, workspace, signal);
  return { ...found, state: waiting > 0 ? 'waiting' : 'gone' };
}

/** Goes on with what was interrupted, or waited for a run to end. Gives how many forgettings still wait. */
export async function finishForgettings(
  { database, blobs, contents, recorder, presence }: ForgetParts,
  workspace: string,
  signal: AbortSignal,
): Promise<number> {
  const options = {
    workspace,
    // The edge: what the store keeps of an event is what was made as one.
    redactEvent: (event: unknown) => redactEvent(event as RunEvent) as never,
    settleAnswers: async (before: Date) => {
      if (recorder.isAnswering(before) || (await presence.mayOthersAnswer(before))) return false;
      await recorder.settle();
      return true;
    },
    rewriteDataSet: createForgetExamples({ blobs, signal }),
    keepContents: (work: () => Promise<void>) => contents.keep(work),
    releaseContents: async (contentHashes: readonly string[]) => {
      for (const sha256 of contentHashes) await contents.release(sha256);
    },
  };
  return continueForgettings(database, options, signal);
}

async function findTarget(database: Database, workspace: string, asked: ForgetRequest): Promise<ForgettingTarget> {
  // As they were written when they were stored.
  if ('subject' in asked) return { kind: 'subject', subject: cleanText(asked.subject) };
  const { document } = asked;
  if ('sha256' in document) return findDocument(database, { workspace, document });
  const { collection, name } = document;
  return findDocument(database, { workspace, document: { collection, name: name.normalize('NFC') } });
}

async function countTarget(
  database: Database,
  { workspace, target }: { readonly workspace: string; readonly target: ForgettingTarget },
  signal: AbortSignal,
): Promise<Omit<Forgotten, 'state'>> {
  switch (target.kind) {
    case 'document': {
      const { files, artifacts, builds, ...counts } = await countDocument(database, { workspace, target }, signal);
      const models = artifacts.filter(({ nodeType }) => nodeType.startsWith('finetune/'));
      return { ...counts, files: [...files], artifacts: [...artifacts], builds: [...builds], models };
    }
    case 'subject': {
      const { runs } = await countSubject(database, { workspace, target });
      const indexed = { indexes: 0, documents: 0, chunks: 0 };
      return { files: [], indexed, runs, artifacts: [], builds: [], models: [] };
    }
  }
}
