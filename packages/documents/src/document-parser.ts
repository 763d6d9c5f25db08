import type { DocumentParser } from '@kumiki/node-sdk';
import type { ParseLimits } from './limits.ts';
import type { FileToParse } from './parse-document.ts';
import type { ParseResults } from './parser-messages.ts';
import { ParserProcess } from './parser-process-handle.ts';
import { defaultSettings, type ParserSettings } from './parser-settings.ts';

export type DocumentParserOptions = Partial<Omit<ParserSettings, 'limits'>> & {
  readonly limits?: Partial<ParseLimits>;
};

type Waiting = { readonly take: (process: ParserProcess) => void; readonly refuse: (reason: unknown) => void };

/**
 * A parser that works in processes apart: started with the first file, kept for the next, ended when idle. Files beyond
 * the number of processes wait in line. After `close` nothing is parsed any more; what was under way rejects.
 */
export function createDocumentParser(options: DocumentParserOptions = {}): DocumentParser & { close(): Promise<void> } {
  const settings: ParserSettings = {
    ...defaultSettings,
    ...options,
    limits: { ...defaultSettings.limits, ...options.limits },
  };
  const closed = new AbortController();
  const idle = new Map<ParserProcess, NodeJS.Timeout>();
  const busy = new Set<ParserProcess>();
  const waiting = new Set<Waiting>();

  function takeIdle(): ParserProcess | null {
    for (const [process, timer] of idle) {
      clearTimeout(timer);
      idle.delete(process);
      if (!process.hasEnded) return process;
    }
    return busy.size < settings.processes ? new ParserProcess(settings) : null;
  }

  function acquire(signal: AbortSignal): Promise<ParserProcess> {
    const free = takeIdle();
    if (free !== null) {
      busy.add(free);
      return Promise.resolve(free);
    }
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        waiting.delete(entry);
        reject(signal.reason);
      };
      const entry: Waiting = {
        take: (process) => {
          signal.removeEventListener('abort', onAbort);
          resolve(process);
        },
        refuse: reject,
      };
      signal.addEventListener('abort', onAbort, { once: true });
      waiting.add(entry);
    });
  }

  function release(process: ParserProcess): void {
    busy.delete(process);
    const [next] = waiting;
    if (next !== undefined) {
      waiting.delete(next);
      const successor = process.hasEnded ? new ParserProcess(settings) : process;
      busy.add(successor);
      next.take(successor);
    } else if (closed.signal.aborted) {
      process.end();
    } else if (!process.hasEnded) {
      idle.set(process, setTimeout(() => endIdle(process), settings.idleMilliseconds).unref());
    }
  }

  function endIdle(process: ParserProcess): void {
    idle.delete(process);
    process.end();
  }

  async function read<Task extends keyof ParseResults>(
    task: Task,
    file: FileToParse,
    signal: AbortSignal,
  ): Promise<ParseResults[Task]> {
    const either = AbortSignal.any([signal, closed.signal]);
    either.throwIfAborted();
    const process = await acquire(either);
    try {
      return await process.read(task, file, either);
    } finally {
      release(process);
    }
  }

  return {
    parse: (file, signal) => read('document', file, signal),
    readData: (file, signal) => read('data', file, signal),
    async close() {
      closed.abort(new Error('The document parser was closed.'));
      for (const [process, timer] of idle) {
        clearTimeout(timer);
        process.end();
      }
      idle.clear();
    },
  };
}
