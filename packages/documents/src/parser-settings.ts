import { defaultLimits, type ParseLimits } from './limits.ts';

export type ParserSettings = {
  /** Processes at most. Each is started when there is a file for it, never before. */
  readonly processes: number;
  /** Heap of a process; twice that is the most it may hold in all. */
  readonly memoryMegabytes: number;
  /** For one file, the start of the process included. */
  readonly timeoutMilliseconds: number;
  /** A process without a file for so long is ended. */
  readonly idleMilliseconds: number;
  readonly limits: ParseLimits;
  /** What runs in the process; tests put a worse one in its place. */
  readonly program: URL;
};

export const defaultSettings: ParserSettings = {
  processes: 1,
  memoryMegabytes: 768,
  timeoutMilliseconds: 60_000,
  idleMilliseconds: 60_000,
  limits: defaultLimits,
  program: new URL('./parser-process.ts', import.meta.url),
};
