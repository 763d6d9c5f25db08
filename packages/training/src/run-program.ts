import { spawn } from 'node:child_process';

const keptCharacters = 4_000;

export type ProgramEnd = {
  /** Null where a signal ended it. */
  readonly code: number | null;
  /** The end of what it wrote to both of its outputs. */
  readonly said: string;
};

/**
 * Runs a program to its end. Rejects with the signal's reason where that stopped it, and with what the system says
 * where the program cannot be started.
 */
export function runProgram(
  program: string,
  parameters: readonly string[],
  options: { readonly environment?: Readonly<Record<string, string>>; readonly signal: AbortSignal },
): Promise<ProgramEnd> {
  const { signal, environment = {} } = options;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const child = spawn(program, parameters, {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Handed on, not read: proxies and certificates of the machine count for programs that fetch.
      env: { ...process.env, ...environment },
      signal,
    });
    let said = '';
    const keep = (text: string): void => {
      said = `${said}${text}`.slice(-keptCharacters);
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    child.on('error', (error) => reject(signal.aborted ? signal.reason : error));
    child.on('close', (code) => (signal.aborted ? reject(signal.reason) : resolve({ code, said })));
  });
}
