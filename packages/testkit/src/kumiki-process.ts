import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type KumikiSession, openSession, signInBy } from './kumiki-session.ts';

export type KumikiOptions = {
  readonly dataFolder: string;
  /**
   * Added to this process's environment. Unless it says otherwise, the port is a free one, and no Ollama is found.
   */
  readonly environment?: Readonly<Record<string, string>>;
  /** Of `kumiki start`, such as `--without-work`. */
  readonly parameters?: readonly string[];
};

export type KumikiProcess = {
  /** `http://127.0.0.1:…` */
  readonly address: string;
  readonly signInLink: string;
  readonly pid: number;
  /** From the start of the process until it said that it listens. */
  readonly milliseconds: number;
  /** What it logged so far, its last 50,000 characters. */
  log(): string;
  /** By the link that it printed. Works once. */
  signIn(): Promise<KumikiSession>;
  /** As a program, by an API key. */
  useKey(key: string): KumikiSession;
  /** Asks it to stop (SIGTERM), and gives its exit code once it has. */
  stop(): Promise<number | null>;
  /** Ends it without a word (SIGKILL). */
  kill(): Promise<void>;
};

/** As people start it: with the compile cache, which the launcher switches on. */
const main = fileURLToPath(new URL('../../../apps/server/bin/kumiki.cjs', import.meta.url));
/** Nobody listens on the discard port. */
const noOllama = '127.0.0.1:9';
const startedSchema = z.object({ address: z.url(), link: z.url() });

/** Starts the whole program as a process and waits until it listens. Rejects with what it said where it ends before. */
export async function startKumiki(options: KumikiOptions): Promise<KumikiProcess> {
  const began = performance.now();
  const child = spawnKumiki(options);
  let logged = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    logged = `${logged}${text}`.slice(-50_000);
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const end = (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    return exited;
  };
  // A test run that dies without ceremony must not leave a server behind.
  const killChild = () => child.kill('SIGKILL');
  process.once('exit', killChild);
  exited.then(() => process.off('exit', killChild));

  const { address, link } = await new Promise<z.infer<typeof startedSchema>>((resolve, reject) => {
    let told = '';
    child.once('error', reject);
    exited.then((code) => reject(new Error(`Kumiki ended with code ${code}: ${logged}`)));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      told += text;
      const [line, rest] = told.split('\n', 2);
      if (rest !== undefined) resolve(startedSchema.parse(JSON.parse(line ?? '')));
    });
  });
  return {
    address,
    signInLink: link,
    pid: child.pid ?? 0,
    milliseconds: performance.now() - began,
    log: () => logged,
    signIn: () => signInBy(link),
    useKey: (key) => openSession(address, { authorization: `Bearer ${key}` }),
    stop: () => end('SIGTERM'),
    kill: async () => {
      await end('SIGKILL');
    },
  };
}

/** The process alone, without waiting for anything. Its first line on stdout is JSON and says where it listens. */
export function spawnKumiki({ dataFolder, environment = {}, parameters = [] }: KumikiOptions) {
  return spawnCommand(['start', '--json', '--without-models', ...parameters], { dataFolder, environment });
}

export type WorkerProcess = {
  readonly pid: number;
  /** Freezes it where it is, as a machine does that is swapping or was put to sleep. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
  /** Ends it without a word (SIGKILL). */
  kill(): Promise<void>;
};

/** Starts `kumiki worker` and waits until it works. Rejects with what it said where it ends before. */
export async function startWorker(options: Omit<KumikiOptions, 'parameters'>): Promise<WorkerProcess> {
  const child = spawnCommand(['worker', '--json'], options);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-50_000);
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const killChild = () => child.kill('SIGKILL');
  process.once('exit', killChild);
  exited.then(() => process.off('exit', killChild));
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    exited.then(() => reject(new Error(`The worker ended: ${said}`)));
    child.stdout.once('data', () => resolve());
  });
  const end = (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    return exited;
  };
  return {
    pid: child.pid ?? 0,
    freeze: () => child.kill('SIGSTOP'),
    thaw: () => child.kill('SIGCONT'),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

function spawnCommand(
  parameters: readonly string[],
  { dataFolder, environment = {} }: Pick<KumikiOptions, 'dataFolder' | 'environment'>,
) {
  return spawn(process.execPath, [main, ...parameters], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      OMP_WAIT_POLICY: 'passive',
      KUMIKI_PORT: '0',
      OLLAMA_HOST: noOllama,
      ...environment,
      KUMIKI_DATA: dataFolder,
    },
  });
}

/** A new folder below the system's for temporary files, and the way to remove it. */
export async function makeTemporaryFolder(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'kumiki-test-'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) };
}
