import { inspect } from 'node:util';

/**
 * Keeps the process alive over a bug of postgres.js 3.4: where a connection is lost in the middle of a transaction, the
 * transaction rejects as it should, and its next statement, which nobody waits for any more, is then written to a socket
 * that is gone; the TypeError comes from a timer, where nobody can catch it. Every other uncaught error ends the process
 * with its stack, as Node does by itself.
 */
export function surviveLateWrites(): void {
  process.on('uncaughtException', (error: unknown) => {
    if (isLateWrite(error)) return;
    process.stderr.write(`${inspect(error)}\n`);
    process.exit(1);
  });
}

export function isLateWrite(error: unknown): boolean {
  return error instanceof TypeError && /nextWrite .*[/\\]postgres[/\\]/.test(error.stack ?? '');
}
