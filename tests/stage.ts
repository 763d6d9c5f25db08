import { makeDataFolder } from '@kumiki/testkit/data-folder';
import { type KumikiProcess, makeTemporaryFolder, startKumiki } from '@kumiki/testkit/kumiki-process';
import type { KumikiSession } from '@kumiki/testkit/kumiki-session';
import { type ScriptedModels, startScriptedModels } from '@kumiki/testkit/scripted-models';
import { type DatabaseKind, openTestDatabase, type TestDatabase } from './databases.ts';
import { addScriptedHost } from './rag-flow.ts';

/** A running Kumiki with scripted models, somebody signed in, and a way to start it again on the same data. */
export type Stage = {
  readonly models: ScriptedModels;
  readonly dataFolder: string;
  readonly database: TestDatabase;
  /** Those of the latest start. */
  readonly kumiki: KumikiProcess;
  readonly session: KumikiSession;
  /** After the process was stopped or killed. */
  startAgain(): Promise<void>;
  close(): Promise<void>;
};

/** The scripted models are the host `scripted`, without digests, and `ollama`, with digests. */
export async function openStage(
  kind: DatabaseKind,
  more: {
    readonly environment?: Readonly<Record<string, string>>;
    /** One that is there already, and stays. */
    readonly dataFolder?: string;
  } = {},
): Promise<Stage> {
  const models = await startScriptedModels();
  const { folder: dataFolder, remove } = await takeFolder(kind, more.dataFolder);
  const database = await openTestDatabase(kind);
  const start = async () => {
    const environment = { ...database.environment, OLLAMA_HOST: models.address, ...more.environment };
    const kumiki = await startKumiki({ dataFolder, environment });
    return { kumiki, session: await kumiki.signIn() };
  };
  let running = await start();
  await addScriptedHost(running.session, models);
  return {
    models,
    dataFolder,
    database,
    get kumiki() {
      return running.kumiki;
    },
    get session() {
      return running.session;
    },
    async startAgain() {
      running = await start();
    },
    async close() {
      await running.kumiki.stop();
      await models.stop();
      await database.remove();
      await remove();
    },
  };
}

function takeFolder(kind: DatabaseKind, known: string | undefined) {
  if (known !== undefined) return { folder: known, remove: async () => {} };
  return kind === 'embedded' ? makeDataFolder() : makeTemporaryFolder();
}
