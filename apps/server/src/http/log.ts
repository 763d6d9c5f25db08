import type { Logger } from 'pino';

export type Log = Logger;

/** Structured lines on stderr; stdout is for people and for `--json`. */
export async function createLog(level: string): Promise<Log> {
  const { pino, destination } = await import('pino');
  return pino({ level, base: null, redact: ['*.key', '*.password', '*.token', '*.authorization'] }, destination(2));
}
