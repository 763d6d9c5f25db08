import { WorkerError } from './protocol.ts';

const waitingLimit = 64;

/** Somebody in a line, with what they want. Whoever takes them out of it calls one of the two. */
export type Waiter<Wanted, Given> = {
  readonly wanted: Wanted;
  readonly resolve: (given: Given) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Stands in line until it is one's turn; `serve` sees to the first in it, now and when somebody left. The signal ends the
 * waiting. Throws `busy` where the line is too long.
 */
export function waitInLine<Wanted, Given>(
  line: Waiter<Wanted, Given>[],
  wanted: Wanted,
  serve: () => void,
  signal: AbortSignal,
): Promise<Given> {
  signal.throwIfAborted();
  if (line.length >= waitingLimit) throw new WorkerError('busy', `${waitingLimit} requests are waiting already.`);
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      const place = line.indexOf(waiter);
      if (place < 0) return;
      line.splice(place, 1);
      reject(signal.reason);
      serve();
    };
    const stay = (): void => signal.removeEventListener('abort', leave);
    const waiter: Waiter<Wanted, Given> = {
      wanted,
      resolve: (given) => {
        stay();
        resolve(given);
      },
      reject: (error) => {
        stay();
        reject(error);
      },
    };
    signal.addEventListener('abort', leave);
    line.push(waiter);
    serve();
  });
}
