import { mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { runProgram } from './run-program.ts';
import { installFailed, pythonMissing } from './training-errors.ts';

/** Installed where the machine has none of its own. */
const uvRequirement = 'uv==0.13.9';

/** Newest first; which of them fits is up to uv, which any of these can carry. */
const pythonNames = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python'];

/**
 * Path of uv: the machine's own, or one that is installed beside the trainer's environment by Python's own means.
 * Throws `training-unavailable` where there is neither uv nor Python, or no way to the package index.
 */
export async function findUv(options: { readonly cacheFolder: string; readonly signal: AbortSignal }): Promise<string> {
  const { cacheFolder, signal } = options;
  if (await answers('uv', signal)) return 'uv';
  const folder = path.join(cacheFolder, uvRequirement.replace('==', '-'));
  const isWindows = process.platform === 'win32';
  const bin = path.join(folder, isWindows ? 'Scripts' : 'bin');
  const uv = path.join(bin, isWindows ? 'uv.exe' : 'uv');
  if (await answers(uv, signal)) return uv;
  const python = await findPython(signal);
  await rm(folder, { recursive: true, force: true });
  await mkdir(cacheFolder, { recursive: true });
  const made = await runProgram(python, ['-m', 'venv', folder], { signal });
  if (made.code !== 0) throw pythonMissing(made.said);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--only-binary', ':all:'];
  const installed = await runProgram(path.join(bin, 'python'), [...pip, uvRequirement], { signal });
  if (installed.code !== 0 || (await stat(uv).catch(() => null)) === null) throw installFailed(installed.said);
  return uv;
}

async function findPython(signal: AbortSignal): Promise<string> {
  for (const name of pythonNames) if (await answers(name, signal)) return name;
  throw pythonMissing('');
}

async function answers(program: string, signal: AbortSignal): Promise<boolean> {
  try {
    return (await runProgram(program, ['--version'], { signal })).code === 0;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}
