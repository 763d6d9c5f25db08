import type { Log } from '../http/log.ts';

const stopMilliseconds = 9_000;

/** Ends the process in good order when it is asked to (Ctrl+C, SIGTERM), or without order where that takes too long. */
export function stopOnSignal(log: Log, stop: () => Promise<void>): void {
  let isStopping = false;
  const end = async () => {
    setTimeout(() => process.exit(1), stopMilliseconds).unref();
    await stop();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // Ctrl+C comes more than once: from the terminal, and from npm and the launcher, which hand theirs on.
    process.on(signal, () => {
      if (isStopping) return;
      isStopping = true;
      log.info({ signal }, 'stopping');
      end().catch((error: unknown) => {
        log.error({ error }, 'stopping failed');
        process.exit(1);
      });
    });
  }
}
