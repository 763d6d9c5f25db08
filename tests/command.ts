import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../apps/server/bin/kumiki.cjs', import.meta.url));

export type CommandResult = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

export type CommandOptions = {
  readonly dataFolder: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Where relative paths count from. */
  readonly folder?: string;
};

/** Runs `kumiki …` to its end, as a person would at a prompt. */
export function runKumiki(parameters: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const { dataFolder, environment = {}, folder = dataFolder } = options;
  const { INIT_CWD: _, ...inherited } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...parameters], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...inherited,
        LANG: 'en_US.UTF-8',
        LC_ALL: '',
        OMP_WAIT_POLICY: 'passive',
        KUMIKI_PORT: '0',
        OLLAMA_HOST: '127.0.0.1:9',
        ...environment,
        KUMIKI_DATA: dataFolder,
      },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
