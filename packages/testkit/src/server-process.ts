import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

export type ServerProcess = {
  /** `http://127.0.0.1:…` */
  readonly address: string;
  readonly pid: number;
  /** What it wrote so far, both streams, its last 20,000 characters. */
  readonly log: () => string;
  /** Ends the process and all that it started, and waits until it is gone. */
  stop(): Promise<void>;
};

export type ServerProcessOptions = {
  readonly program: string;
  readonly parameters: (port: number) => readonly string[];
  readonly environment: (port: number) => NodeJS.ProcessEnv;
  /** Answers 200 once the server is ready. */
  readonly readyPath: string;
};

const readyMilliseconds = 120_000;

/** Starts a server on a free port of the loopback interface, in a process group of its own, and waits until it answers. */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const port = await findFreePort();
  const child = spawn(options.program, options.parameters(port), {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, OMP_WAIT_POLICY: 'passive', ...options.environment(port) },
  });
  let said = '';
  let ended = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(-20_000);
    });
  }
  const gone = new Promise<void>((resolve) => {
    child.on('error', (error) => {
      said += error.message;
      ended = true;
      resolve();
    });
    child.on('exit', () => {
      ended = true;
      resolve();
    });
  });
  const { pid } = child;
  // A server outlives a parent that ends without ceremony, and its runners outlive the server.
  const killGroup = (): void => {
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // The group is gone already.
    }
  };
  process.on('exit', killGroup);
  const stop = async (): Promise<void> => {
    process.off('exit', killGroup);
    killGroup();
    await gone;
  };

  const address = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + readyMilliseconds;
  while (!(await isReady(`${address}${options.readyPath}`))) {
    if (ended || pid === undefined || Date.now() > deadline) {
      await stop();
      throw new Error(`${options.program} did not get ready:\n${said}`);
    }
    await wait(50);
  }
  return { address, pid: pid ?? 0, log: () => said, stop };
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/** A port that nobody listens on at this moment. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('No free port.'));
      });
    });
  });
}
