import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, openStore } from '@kumiki/store';
import { makeTemporaryFolder } from '@kumiki/testkit/kumiki-process';
import type { Stage } from './stage.ts';

/**
 * Reads the database of a stage as it is. The embedded one is read from a copy, which leaves its recovery to the program;
 * it must not be running.
 */
export async function lookInside<Result>(
  { dataFolder, database }: Pick<Stage, 'dataFolder' | 'database'>,
  look: (inside: Database) => Promise<Result>,
): Promise<Result> {
  const databaseUrl = database.environment.DATABASE_URL;
  if (databaseUrl !== undefined) return readFrom({ databaseUrl, connections: 1 }, look);
  const copy = await makeTemporaryFolder();
  try {
    cpSync(join(dataFolder, 'database'), join(copy.folder, 'database'), { recursive: true });
    return await readFrom({ dataFolder: copy.folder }, look);
  } finally {
    await copy.remove();
  }
}

async function readFrom<Result>(
  place: Parameters<typeof openStore>[0],
  look: (inside: Database) => Promise<Result>,
): Promise<Result> {
  const store = await openStore(place);
  try {
    return await look(store.database);
  } finally {
    await store.close();
  }
}
