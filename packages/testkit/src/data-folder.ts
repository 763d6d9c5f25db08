import { cpSync, existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { cacheFolder } from './cache-folder.ts';
import { hashDatabaseSources } from './database-sources.ts';
import { withInstallLock } from './install-lock.ts';
import { makeTemporaryFolder, startKumiki } from './kumiki-process.ts';

/**
 * A data folder as it is after a first start and a stop, with an embedded database in it, and the way to remove it. It is
 * a copy of one that is made once for each lock file and set of migrations: of the 7.5 s of processor that a first start
 * took, 5.2 s went into the making of an empty database. What a first start does is for tests to say that begin without.
 */
export async function makeDataFolder(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const template = await ensureTemplate();
  const made = await makeTemporaryFolder();
  // Of a thousand small files; a tenth of what the asynchronous one takes.
  cpSync(template, made.folder, { recursive: true });
  return made;
}

async function ensureTemplate(): Promise<string> {
  const template = cacheFolder('test-data-folders', await hashDatabaseSources());
  if (existsSync(template)) return template;
  return withInstallLock(`${template}.lock`, async () => {
    if (existsSync(template)) return template;
    const draft = await mkdtemp(`${template}.new-`);
    try {
      const kumiki = await startKumiki({ dataFolder: draft });
      const code = await kumiki.stop();
      if (code !== 0) throw new Error(`Kumiki ended its first start with code ${code}: ${kumiki.log()}`);
      await rename(draft, template);
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
    return template;
  });
}
