import type { BlobStore } from '@kumiki/node-sdk';
import { type Database, deleteOldIdempotencyKeys, deleteOldRuns } from '@kumiki/store';
import { collectUnnamed } from './collect.ts';
import type { Configuration } from './configuration.ts';
import type { ContentKeeper } from './content-keeper.ts';
import { finishForgettings } from './forget.ts';
import type { Chore } from './housekeeping.ts';
import type { ServerPresence } from './server-presence.ts';
import type { RunRecorder } from './serving/run-recorder.ts';

export type ChoreParts = {
  readonly workspace: string;
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly contents: ContentKeeper;
  readonly recorder: RunRecorder;
  readonly presence: ServerPresence;
  readonly configuration: Pick<Configuration, 'cacheFolder' | 'graceHours' | 'retentionDays'>;
};

/** What housekeeping does, in this order: what is forgotten or too old names nothing any more when it is collected. */
export function listChores(parts: ChoreParts): readonly Chore[] {
  const { workspace, database } = parts;
  const { cacheFolder, graceHours, retentionDays } = parts.configuration;
  return [
    { name: 'old idempotency keys', run: () => deleteOldIdempotencyKeys(database) },
    { name: 'forgetting', run: (signal) => finishForgettings(parts, workspace, signal) },
    { name: 'old runs', run: (signal) => deleteOldRuns(database, { retentionDays }, signal) },
    {
      name: 'unnamed artifacts',
      run: (signal) => collectUnnamed({ ...parts, graceHours }, { workspace, dryRun: false }, signal),
    },
    {
      name: 'training cache',
      run: async (signal) => (await import('@kumiki/training')).clearTrainingCache({ cacheFolder, signal }),
    },
  ];
}
