import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { KumikiError } from '@kumiki/node-sdk';
import { documentError } from './document-error.ts';
import type { FileToParse } from './parse-document.ts';
import type { ParseRequest, ParseResponse, ParseResults } from './parser-messages.ts';
import type { ParserSettings } from './parser-settings.ts';

const memoryCheckMilliseconds = 250;

/**
 * One parser process: *new* until its first file, then *busy* or *idle*, at last *ended*, by itself or by `end`.
 * It takes one file at a time. A file that runs out of time or memory, or takes the process down, ends it.
 */
export class ParserProcess {
  readonly #settings: ParserSettings;
  readonly #child: ChildProcess;
  #lastWords = '';
  #hasEnded = false;

  constructor(settings: ParserSettings) {
    this.#settings = settings;
    this.#child = fork(fileURLToPath(settings.program), {
      execArgv: [
        `--max-old-space-size=${settings.memoryMegabytes}`,
        '--permission',
        '--allow-fs-read=*',
        '--disable-warning=ExperimentalWarning',
      ],
      // Nothing of the server's environment is any business of a file's.
      env: {},
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-4096);
    });
    this.#child.once('exit', () => {
      this.#hasEnded = true;
    });
    this.#child.on('error', () => this.end());
    this.#letGo();
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  end(): void {
    this.#hasEnded = true;
    this.#child.kill('SIGKILL');
  }

  /** Reads one file. Rejects with the parser's codes, or with the signal's reason; `end` before the next if it did. */
  async read<Task extends keyof ParseResults>(
    task: Task,
    file: FileToParse,
    signal: AbortSignal,
  ): Promise<ParseResults[Task]> {
    signal.throwIfAborted();
    this.#hold();
    try {
      return await this.#ask(task, file, signal);
    } finally {
      this.#letGo();
    }
  }

  #ask<Task extends keyof ParseResults>(
    task: Task,
    file: FileToParse,
    signal: AbortSignal,
  ): Promise<ParseResults[Task]> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const stop = (reason: unknown) => {
        settle();
        this.end();
        reject(reason);
      };
      const onAbort = () => stop(signal.reason);
      const onTimeout = () => stop(documentError('document-timeout', file.name));
      const onMemoryCheck = () => {
        if (residentMegabytes(child.pid) > this.#settings.memoryMegabytes * 2) {
          stop(documentError('document-too-large', file.name));
        }
      };
      const onExit = (code: number | null, exitSignal: string | null) => {
        settle();
        reject(this.#describeExit(file.name, code, exitSignal));
      };
      const onMessage = (response: unknown) => {
        settle();
        // The only sender is parser-process.ts, which answers a task with its result.
        const answer = response as ParseResponse<Task>;
        if ('result' in answer) resolve(answer.result);
        else reject(rebuildError(answer.error));
      };
      const timeout = setTimeout(onTimeout, this.#settings.timeoutMilliseconds);
      const memoryCheck = setInterval(onMemoryCheck, memoryCheckMilliseconds);
      const settle = () => {
        clearTimeout(timeout);
        clearInterval(memoryCheck);
        signal.removeEventListener('abort', onAbort);
        child.off('exit', onExit).off('message', onMessage);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      child.once('exit', onExit).once('message', onMessage);
      child.send({ task, file, limits: this.#settings.limits } satisfies ParseRequest, (error) => {
        if (error !== null && !this.#hasEnded) stop(documentError('document-damaged', file.name, { cause: error }));
      });
    });
  }

  #describeExit(name: string, code: number | null, signal: string | null): KumikiError {
    const cause = new Error(`The parser process ended (${signal ?? code}). ${this.#lastWords}`);
    const outOfMemory = /heap out of memory|Array buffer allocation failed/i.test(this.#lastWords);
    return documentError(outOfMemory ? 'document-too-large' : 'document-damaged', name, { cause });
  }

  /** An idle process keeps nobody alive: a program that has nothing else to do may end. */
  #letGo(): void {
    this.#child.unref();
    this.#child.channel?.unref();
    unrefStream(this.#child.stderr);
  }

  #hold(): void {
    this.#child.ref();
    this.#child.channel?.ref();
  }
}

function unrefStream(stream: unknown): void {
  if (stream !== null && typeof stream === 'object' && 'unref' in stream && typeof stream.unref === 'function') {
    stream.unref();
  }
}

function rebuildError({ code, message, cause }: Extract<ParseResponse, { error: unknown }>['error']): KumikiError {
  const status = code === 'document-too-large' ? 413 : 422;
  return new KumikiError({ code, message, status, ...(cause === null ? {} : { cause: new Error(cause) }) });
}

/**
 * Resident memory, where the system tells it cheaply (Linux); 0 elsewhere. The heap limit does not count buffers, and
 * a picture or stream of a hostile PDF may unpack into gigabytes of them.
 */
function residentMegabytes(pid: number | undefined): number {
  if (process.platform !== 'linux' || pid === undefined) return 0;
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]);
    return (pages * 4096) / (1024 * 1024);
  } catch {
    return 0;
  }
}
