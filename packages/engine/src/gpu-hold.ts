import type { KumikiError, Resource } from '@kumiki/node-sdk';
import type { NodeRun } from './node-run.ts';
import type { RunScope } from './run-scope.ts';

/** The machine's GPU in the hands of one node. */
export type GpuHold = {
  /** Calls back where the lease is lost. The result takes that back. */
  onLost(listener: (reason: KumikiError) => void): () => void;
  /** Keeps the GPU from others, should the node be stopped, until this call of it has ended. */
  follow(call: Promise<unknown>): void;
};

/**
 * Lets a node work while this process holds the GPU of its machine; what needs none works at once, and gets null. The
 * lease comes before any other resource, so that whoever waits for it keeps nothing from others. What was made counts only
 * where the lease is given back unlost: rejects with `gpu-lease-lost` otherwise.
 */
export function holdGpu<T>(
  scope: RunScope,
  nodeRun: NodeRun,
  names: readonly Resource[],
  work: (gpu: GpuHold | null) => Promise<T>,
): Promise<T> {
  const { gpuLease } = scope.resources;
  if (gpuLease === null || !names.includes('gpu')) return work(null);
  return workHolding(scope, nodeRun, gpuLease, work);
}

async function workHolding<T>(
  scope: RunScope,
  nodeRun: NodeRun,
  lease: NonNullable<RunScope['resources']['gpuLease']>,
  work: (gpu: GpuHold) => Promise<T>,
): Promise<T> {
  if (scope.stopped !== null) throw scope.stopped.reason;
  nodeRun.waitFor('gpu');
  const stopListening = scope.onStop((reason) => nodeRun.abort(reason));
  const hold = await lease.hold(nodeRun.signal).finally(stopListening);
  const calls: Promise<unknown>[] = [];
  let made: T;
  try {
    made = await work({ onLost: hold.onLost, follow: (call) => calls.push(call) });
  } catch (error) {
    hold.abandon(Promise.allSettled(calls));
    throw error;
  }
  await hold.release();
  return made;
}
