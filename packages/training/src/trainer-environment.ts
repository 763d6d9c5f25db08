import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { withFileLock } from '@kumiki/node-sdk/file-lock';
import { findUv } from './find-uv.ts';
import { runProgram } from './run-program.ts';
import type { TrainerCommandLine } from './trainer-process.ts';
import { installFailed, programMissing } from './training-errors.ts';

export type TrainerProgram = {
  /** The Python of its environment. */
  readonly python: string;
  /** Where Python keeps what it has compiled: without it, each start compiles all of torch and transformers again. */
  readonly bytecode: string;
  /** What `PYTHONPATH` has to name, so that the program itself is found. */
  readonly sources: string;
};

type EnvironmentPlace = {
  /** Folder for things that can be fetched again; the environment gets a folder of its own in it. */
  readonly cacheFolder: string;
  /** Where `pyproject.toml` and `uv.lock` lie. */
  readonly projectFolder?: string;
  /** Whether the machine has an NVIDIA GPU: then what holds a base in 4 bits there is installed as well. */
  readonly hasGpu?: boolean;
};

export type TrainerEnvironmentOptions = EnvironmentPlace & {
  readonly onProgress?: (step: 'installing' | 'installed') => void;
  readonly signal: AbortSignal;
  /** For tests. */
  readonly findInstaller?: typeof findUv;
};

/** `apps/trainer` of this installation. */
export const trainerProjectFolder = fileURLToPath(new URL('../../../apps/trainer/', import.meta.url));

/** Written when an environment is whole; its time says when it was last used. */
export const environmentStamp = 'installed-from.lock';
const environmentName = /^trainer-[0-9a-f]{12}(-cuda)?$/;

/**
 * Makes the environment of the trainer from its lock file, unless it is there: some 5 GB that nobody pays for who tunes
 * nothing. Environments are told apart by what the lock file says, so that an upgrade never changes one that trains.
 * One that is being made has no stamp yet, and whoever comes next goes on with it. Throws `training-unavailable` with
 * what to do.
 */
export async function ensureTrainerEnvironment(options: TrainerEnvironmentOptions): Promise<TrainerProgram> {
  const { cacheFolder, hasGpu = false, signal } = options;
  const { onProgress = () => undefined, findInstaller = findUv } = options;
  const { folder, lock, program } = await placeEnvironment(options);
  const projectFolder = program.sources;
  if (await isInstalled(folder, lock)) return program;
  await mkdir(cacheFolder, { recursive: true });
  return withFileLock(`${folder}.lock`, signal, async () => {
    if (await isInstalled(folder, lock)) return program;
    onProgress('installing');
    const uv = await findInstaller({ cacheFolder, signal });
    await syncEnvironment(uv, { folder, projectFolder, hasGpu, signal });
    await writeFile(path.join(folder, environmentStamp), lock);
    onProgress('installed');
    return program;
  });
}

/** The trainer as a command, its environment made first where it is missing. */
export async function openTrainerProgram(options: TrainerEnvironmentOptions): Promise<TrainerCommandLine> {
  return commandOf(await ensureTrainerEnvironment(options));
}

/** The same where its environment is there already; null where it is not. Throws `training-unavailable`. */
export async function findTrainerProgram(options: EnvironmentPlace): Promise<TrainerCommandLine | null> {
  const { folder, lock, program } = await placeEnvironment(options);
  return (await isInstalled(folder, lock)) ? commandOf(program) : null;
}

/** Where the environment of this installation lies, that for a GPU beside it; null where the trainer is missing. */
export async function findEnvironmentFolder(place: EnvironmentPlace): Promise<string | null> {
  return (await placeEnvironment(place).catch(() => null))?.folder ?? null;
}

/** Whether a folder of the cache, by its name, is an environment of a trainer. */
export function isEnvironmentFolder(name: string): boolean {
  return environmentName.test(name);
}

async function placeEnvironment({
  cacheFolder,
  projectFolder = trainerProjectFolder,
  hasGpu = false,
}: EnvironmentPlace) {
  const lock = await readFile(path.join(projectFolder, 'uv.lock'), 'utf8').catch(() => null);
  if (lock === null) throw programMissing();
  const folder = path.join(cacheFolder, `trainer-${hashText(lock).slice(0, 12)}${hasGpu ? '-cuda' : ''}`);
  const program = { python: pythonOf(folder), bytecode: path.join(folder, 'bytecode'), sources: projectFolder };
  return { folder, lock, program };
}

function commandOf({ python, bytecode, sources }: TrainerProgram): TrainerCommandLine {
  return {
    program: python,
    parameters: ['-m', 'kumiki_trainer'],
    environment: {
      PYTHONPATH: sources,
      PYTHONUNBUFFERED: '1',
      PYTHONPYCACHEPREFIX: bytecode,
      // Wherever Kumiki itself was told otherwise: nothing of it lands beside the sources.
      PYTHONDONTWRITEBYTECODE: '',
    },
  };
}

async function syncEnvironment(
  uv: string,
  options: {
    readonly folder: string;
    readonly projectFolder: string;
    readonly hasGpu: boolean;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { folder, projectFolder, hasGpu, signal } = options;
  const extra = hasGpu ? ['--extra', 'cuda'] : [];
  const parameters = ['sync', '--frozen', '--no-dev', '--no-install-project', '--project', projectFolder, ...extra];
  // The certificates of the machine, since many houses have one of their own for what leaves the house.
  const environment = { UV_PROJECT_ENVIRONMENT: folder, UV_NATIVE_TLS: 'true', UV_NO_PROGRESS: '1' };
  // A folder that was broken off before it became an environment would be refused.
  const isEnvironment = (await stat(path.join(folder, 'pyvenv.cfg')).catch(() => null)) !== null;
  if (!isEnvironment) await rm(folder, { recursive: true, force: true });
  const { code, said } = await runProgram(uv, parameters, { environment, signal });
  if (code !== 0) throw installFailed(said);
}

/** Marks it as used now, so that whoever clears the cache by age leaves it alone. */
async function isInstalled(folder: string, lock: string): Promise<boolean> {
  const stamp = path.join(folder, environmentStamp);
  if ((await readFile(stamp, 'utf8').catch(() => null)) !== lock) return false;
  const now = new Date();
  await utimes(stamp, now, now).catch(() => undefined);
  return true;
}

function pythonOf(folder: string): string {
  return process.platform === 'win32' ? path.join(folder, 'Scripts', 'python.exe') : path.join(folder, 'bin', 'python');
}

function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
