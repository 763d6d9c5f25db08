import { KumikiError, type Resource } from '@kumiki/node-sdk';
import type { GpuHold } from './gpu-hold.ts';
import type { NodeRun } from './node-run.ts';
import type { RunScope } from './run-scope.ts';

const firstPauseMilliseconds = 200;
const longestPauseMilliseconds = 10_000;

/** Another build is writing the same index. That is a queue and not a failure: this one waits until it is cancelled. */
const waitingCode = 'generation-open';

/**
 * Calls a node until it succeeds: again only after errors marked retryable, with growing pauses, and never where that
 * would do harm or no good. Rejects as soon as the run stops or the node's time is up, also where the node does not heed
 * its signal; what such a node does afterwards is nobody's any more. So it does where the node loses the GPU.
 */
export function runAttempts<T>(
  scope: RunScope,
  nodeRun: NodeRun,
  call: () => Promise<T>,
  gpu: GpuHold | null = null,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    if (scope.stopped !== null) {
      nodeRun.abort(scope.stopped.reason);
      reject(scope.stopped.reason);
      return;
    }
    let settled = false;
    let attempt = 1;
    let waited = 0;
    let cancelPause: (() => void) | null = null;
    const { clock, deadlineMilliseconds } = scope;

    const settle = () => {
      settled = true;
      stopListening();
      stopWatchingGpu?.();
      cancelDeadline?.();
      cancelPause?.();
    };
    const stop = (reason: unknown) => {
      if (settled) return;
      settle();
      nodeRun.abort(reason);
      reject(reason);
    };
    const succeed = (value: T) => {
      if (settled) return;
      settle();
      resolve(value);
    };
    const fail = (error: unknown) => {
      if (settled) return;
      const waits = error instanceof KumikiError && error.code === waitingCode;
      if (!waits && (attempt >= scope.attempts || nodeRun.isFinal || !isRetryable(error))) {
        settle();
        reject(error);
        return;
      }
      if (waits) waited += 1;
      else attempt += 1;
      cancelPause = clock.schedule(choosePause(attempt + waited - 1, clock.random()), () => {
        nodeRun.forgetAttempt();
        start();
      });
    };
    const start = () => {
      try {
        const called = call();
        gpu?.follow(called);
        called.then(succeed, fail);
      } catch (error) {
        fail(error);
      }
    };

    const stopListening = scope.onStop(stop);
    const stopWatchingGpu = gpu?.onLost(stop);
    const cancelDeadline =
      deadlineMilliseconds === null
        ? null
        : clock.schedule(deadlineMilliseconds, () => stop(nodeRun.describeTimeout(deadlineMilliseconds)));
    start();
  });
}

/** Waits for shared resources until the run stops. Whoever is granted them has to release them, stopped or not. */
export async function waitForResources(scope: RunScope, nodeRun: NodeRun, names: readonly Resource[]): Promise<void> {
  const stopListening = scope.onStop((reason) => nodeRun.abort(reason));
  try {
    await scope.resources.acquire(names, scope.kind, nodeRun.signal);
  } finally {
    stopListening();
  }
}

function isRetryable(error: unknown): boolean {
  return error instanceof KumikiError && error.retryable;
}

/** Doubles with every attempt; half of it is chance, so that nodes that failed together do not come back together. */
function choosePause(attempt: number, random: number): number {
  const pause = Math.min(firstPauseMilliseconds * 2 ** (attempt - 1), longestPauseMilliseconds);
  return pause / 2 + (pause / 2) * random;
}
