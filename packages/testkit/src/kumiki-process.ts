import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type KumikiSession, openSession, signInBy } from './kumiki-session.ts';
import { type StartedServer, startServer } from './start-server.ts';

export type KumikiOptions = {
  readonly dataFolder: string;
  /** Added to this process's environment. Unless it says otherwise, no Ollama is found. */
  readonly environment?: Readonly<Record<string, string>>;
};

export type KumikiProcess = StartedServer & {
  /** By the link that it printed. Works once. */
  signIn(): Promise<KumikiSession>;
  /** As a program, by an API key. */
  useKey(key: string): KumikiSession;
};

/** Nobody listens on the discard port. */
const noOllama = '127.0.0.1:9';

/** Starts the whole program as a process on a free port and waits until it listens. Rejects with what it said. */
export async function startKumiki({ dataFolder, environment = {} }: KumikiOptions): Promise<KumikiProcess> {
  const server = await startServer({ dataFolder, env: { OLLAMA_HOST: noOllama, ...environment } });
  return {
    ...server,
    signIn: () => signInBy(server.signInLink),
    useKey: (key) => openSession(server.address, { authorization: `Bearer ${key}` }),
  };
}

/** A new folder below the system's for temporary files, and the way to remove it. */
export async function makeTemporaryFolder(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'kumiki-test-'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
