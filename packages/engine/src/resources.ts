import type { Resource } from '@kumiki/node-sdk';
import type { MachineLease } from './machine-lease.ts';

/** How many nodes may hold each resource at once. */
export type ResourceLimits = Readonly<Record<Resource, number>>;

/** Questions go before builds: somebody is waiting for them. */
export type ResourcePriority = 'question' | 'build';

/**
 * What nodes share while they compute. One object serves all runs of a process, so that the limits hold for the
 * process and not for each run.
 */
export type Resources = {
  /** Takes one of each, or none and false. */
  tryAcquire(names: readonly Resource[]): boolean;
  /** Resolves once it holds one of each; rejects with the signal's reason, and then holds none. */
  acquire(names: readonly Resource[], priority: ResourcePriority, signal: AbortSignal): Promise<void>;
  release(names: readonly Resource[]): void;
  /** What a node holds besides that needs the GPU, of which other processes of this machine know; null where none do. */
  readonly gpuLease: MachineLease | null;
};

type Waiter = { readonly names: readonly Resource[]; readonly grant: () => void };

/**
 * Semaphores, one a resource. A waiter takes all that it needs in one step, so that nobody holds one resource while
 * waiting for another, and no order of taking can lock two nodes against each other.
 */
export function createResources(limits: ResourceLimits, gpuLease: MachineLease | null = null): Resources {
  const free = new Map<Resource, number>([
    ['cpu', limits.cpu],
    ['gpu', limits.gpu],
    ['network', limits.network],
    ['database', limits.database],
  ]);
  const queues: Readonly<Record<ResourcePriority, Set<Waiter>>> = { question: new Set(), build: new Set() };

  const change = (names: readonly Resource[], by: number) => {
    for (const name of names) free.set(name, (free.get(name) ?? 0) + by);
  };
  const tryAcquire = (names: readonly Resource[]) => {
    for (const name of names) if ((free.get(name) ?? 0) < 1) return false;
    change(names, -1);
    return true;
  };
  const release = (names: readonly Resource[]) => {
    change(names, 1);
    for (const queue of [queues.question, queues.build]) {
      for (const waiter of queue) {
        if (!tryAcquire(waiter.names)) continue;
        queue.delete(waiter);
        waiter.grant();
      }
    }
  };
  const acquire = (names: readonly Resource[], priority: ResourcePriority, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      if (tryAcquire(names)) return resolve();
      const leave = () => {
        queues[priority].delete(waiter);
        reject(signal.reason);
      };
      const waiter: Waiter = {
        names,
        grant() {
          signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      queues[priority].add(waiter);
    });
  return { tryAcquire, acquire, release, gpuLease };
}

/** Limits that suit a laptop. */
export const defaultResourceLimits: ResourceLimits = { cpu: 2, gpu: 1, network: 16, database: 8 };
