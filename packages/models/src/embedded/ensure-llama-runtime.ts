import { spawn } from 'node:child_process';
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { KumikiError } from '@kumiki/node-sdk';
import { withFileLock } from '@kumiki/node-sdk/file-lock';

/** Version of node-llama-cpp that the lists under `runtime/` pin. */
export const llamaRuntimeVersion = '3.22.1';

export type LlamaRuntimeOptions = {
  /** Folder for things that can be fetched again; the runtime gets a folder of its own in it. */
  readonly cacheFolder: string;
  readonly onProgress?: (step: 'installing' | 'installed') => void;
  readonly signal?: AbortSignal;
};

/** Where the runtime of this version lies, or belongs. */
export function llamaRuntimeFolder(cacheFolder: string): string {
  return path.join(cacheFolder, `llama-runtime-${llamaRuntimeVersion}`);
}

/**
 * Installs llama.cpp for Node into a folder of its own, unless it is there: 85 MB that nobody pays for who uses another
 * host. What is installed is pinned by the lock file of this platform under `runtime/`; install scripts do not run.
 * Gives the folder. Throws `llama-runtime-unavailable` with what to do.
 */
export async function ensureLlamaRuntime(options: LlamaRuntimeOptions): Promise<string> {
  const { cacheFolder, onProgress = () => undefined, signal = new AbortController().signal } = options;
  const folder = llamaRuntimeFolder(cacheFolder);
  const list = fileURLToPath(new URL(`../../runtime/${process.platform}-${process.arch}/`, import.meta.url));
  const lock = await readFile(path.join(list, 'package-lock.json'), 'utf8').catch(() => null);
  if (lock === null) throw platformUnsupported();
  if (await isInstalled(folder, lock)) return folder;
  await mkdir(cacheFolder, { recursive: true });
  return withFileLock(`${folder}.lock`, signal, async () => {
    if (await isInstalled(folder, lock)) return folder;
    onProgress('installing');
    // Installed beside its place and then renamed: a folder under the right name is always whole.
    const temporary = `${folder}.new`;
    await rm(temporary, { recursive: true, force: true });
    await mkdir(temporary, { recursive: true });
    for (const name of ['package.json', 'package-lock.json']) {
      await copyFile(path.join(list, name), path.join(temporary, name));
    }
    await runNpm(temporary, signal);
    await writeFile(path.join(temporary, stamp), lock);
    await rm(folder, { recursive: true, force: true });
    await rename(temporary, folder);
    onProgress('installed');
    return folder;
  });
}

const stamp = 'installed-from.json';

async function isInstalled(folder: string, lock: string): Promise<boolean> {
  return (await readFile(path.join(folder, stamp), 'utf8').catch(() => null)) === lock;
}

async function runNpm(folder: string, signal: AbortSignal): Promise<void> {
  const parameters = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await new Promise<void>((resolve, reject) => {
    const child = spawn('npm', parameters, {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      // Handed on, not read; but a workspace that somebody named for the npm above this one is not in that folder.
      env: { ...process.env, npm_config_workspace: undefined, npm_config_workspaces: undefined },
      signal,
      // On Windows npm is a batch file, which only a shell can start; no parameter comes from outside.
      shell: process.platform === 'win32',
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(-2000);
    });
    child.on('error', (error) => reject(signal.aborted ? signal.reason : runtimeUnavailable(error)));
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(runtimeUnavailable(new Error(`npm ended with code ${code}: ${said.trim()}`)));
    });
  });
}

function platformUnsupported(): KumikiError {
  const platform = `${process.platform}-${process.arch}`;
  return new KumikiError({
    code: 'llama-runtime-unavailable',
    status: 501,
    message: {
      en: `There is no embedded model host for ${platform}. Install Ollama, or add another model host.`,
      ja: `${platform} では内蔵のモデルホストを使えません。Ollama をインストールするか、ほかのモデルホストを追加してください。`,
    },
  });
}

function runtimeUnavailable(cause: Error): KumikiError {
  return new KumikiError({
    code: 'llama-runtime-unavailable',
    status: 503,
    retryable: true,
    message: {
      en: 'The embedded model host could not be installed: npm did not get its packages. Check the network, the proxy and the free disk space (100 MB), and try again; or use Ollama.',
      ja: '内蔵のモデルホストをインストールできませんでした。npm がパッケージを取得できていません。ネットワーク、プロキシー、ディスクの空き（100 MB）を確認して、もう一度お試しください。Ollama を使うこともできます。',
    },
    cause,
  });
}
