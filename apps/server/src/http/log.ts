import type { Logger } from 'pino';

export type Log = Logger;

const deepestCause = 5;

/** Structured lines on stderr; stdout is for people and for `--json`. */
export async function createLog(level: string): Promise<Log> {
  const { pino, destination } = await import('pino');
  return pino(
    {
      level,
      base: null,
      redact: ['*.key', '*.password', '*.token', '*.authorization'],
      serializers: { error: describeError },
    },
    destination(2),
  );
}

/**
 * An error as a line of the log has it: JSON would show nothing of it. A failed statement is shown without its values,
 * which are what people wrote.
 */
export function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error;
  const isQuery = 'query' in error && typeof error.query === 'string';
  return {
    name: error.name,
    ...('code' in error && { code: error.code }),
    message: isQuery ? `Failed query: ${error.query}` : error.message,
    // The stack begins with the message, and that may hold the values.
    stack: error.stack?.split('\n').filter((line) => /^\s+at /.test(line)),
    ...(error.cause !== undefined && depth < deepestCause && { cause: describeError(error.cause, depth + 1) }),
  };
}
