import { once } from 'node:events';
import { unwatchFile, watchFile } from 'node:fs';
import { join } from 'node:path';
import { makeTemporaryFolder, spawnKumiki, startKumiki } from '@kumiki/testkit/kumiki-process';
import { unwrap } from '@kumiki/testkit/kumiki-session';
import { expect } from 'vitest';

/** What a first start leaves in its data folder, in the order in which it comes up. */
export const firstFiles = ['kumiki.lock', 'database.new/PG_VERSION', 'database/PG_VERSION', 'secret.key'] as const;

/** Kills a first start as soon as a file is there: whatever is half there must not be in the way of the next start. */
export async function killFirstStart(file: (typeof firstFiles)[number]): Promise<void> {
  const { folder, remove } = await makeTemporaryFolder();
  try {
    const child = spawnKumiki({ dataFolder: folder });
    const gone = once(child, 'exit');
    await waitForFile(join(folder, file));
    child.kill('SIGKILL');
    await gone;
    const kumiki = await startKumiki({ dataFolder: folder });
    try {
      const session = await kumiki.signIn();
      expect(await unwrap(session.client.GET('/api/flows', { params: { query: {} } }))).toMatchObject({ items: [] });
    } finally {
      expect(await kumiki.stop()).toBe(0);
    }
  } finally {
    await remove();
  }
}

function waitForFile(path: string): Promise<void> {
  return new Promise((resolve) => {
    watchFile(path, { interval: 5 }, ({ nlink }) => {
      if (nlink === 0) return;
      unwatchFile(path);
      resolve();
    });
  });
}
