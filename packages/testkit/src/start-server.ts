import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export type StartedServer = {
  /** `http://127.0.0.1:…` */
  readonly address: string;
  /** Signs in once. */
  readonly signInLink: string;
  readonly pid: number;
  /** From the start of the process until it said that it listens. */
  readonly milliseconds: number;
  /** What it wrote to stderr so far: its log, its last 50,000 characters. */
  log(): string;
  /** Asks it to stop (SIGTERM) and gives its exit code. */
  stop(): Promise<number | null>;
  /** Ends it without a word (SIGKILL). */
  kill(): Promise<void>;
};

export type StartServerOptions = {
  readonly dataFolder: string;
  /** Added to this process's environment. The port is a free one unless `KUMIKI_PORT` says otherwise. */
  readonly env?: Readonly<Record<string, string>>;
  /** Fetches the embedded models at the start, as `kumiki start` does for people. */
  readonly withModels?: boolean;
};

const main = fileURLToPath(new URL('../../../apps/server/src/main.ts', import.meta.url));

/**
 * Starts Kumiki as a process of its own on a data folder, and waits until it says where it listens. Rejects with what it
 * said where it does not come that far.
 */
export function startServer({ dataFolder, env = {}, withModels = false }: StartServerOptions): Promise<StartedServer> {
  const began = performance.now();
  const child = spawn(process.execPath, [main, 'start', '--json', ...(withModels ? [] : ['--without-models'])], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, OMP_WAIT_POLICY: 'passive', KUMIKI_PORT: '0', ...env, KUMIKI_DATA: dataFolder },
  });
  let said = '';
  let told = '';
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    return exited;
  };
  const killChild = () => child.kill('SIGKILL');
  // A test that dies without ceremony must not leave a server behind.
  process.once('exit', killChild);
  exited.then(() => process.off('exit', killChild));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-50_000);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    exited.then((code) => reject(new Error(`The server ended with code ${code}: ${said}`)));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      told += text;
      const [line, rest] = told.split('\n', 2);
      if (rest === undefined || line === undefined || child.pid === undefined) return;
      const { address, link } = JSON.parse(line);
      resolve({
        address,
        signInLink: link,
        pid: child.pid,
        milliseconds: performance.now() - began,
        log: () => said,
        stop: () => end('SIGTERM'),
        kill: async () => {
          await end('SIGKILL');
        },
      });
    });
  });
}
