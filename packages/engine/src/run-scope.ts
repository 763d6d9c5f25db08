import {
  type ArtifactStore,
  type ErrorReport,
  KumikiError,
  type NodeContext,
  reportError,
  type TokenUsage,
} from '@kumiki/node-sdk';
import { type Clock, systemClock } from './clock.ts';
import type { RunEndEvent, RunEvent, RunKind } from './events.ts';
import type { Plan } from './plan.ts';
import { createResources, defaultResourceLimits, type Resources } from './resources.ts';

/** What nodes reach the world by. Bound for one node of one run, so that every call ends with the node's signal. */
export type NodeServices = Pick<
  NodeContext,
  'models' | 'files' | 'documents' | 'index' | 'web' | 'tables' | 'datasets' | 'training'
>;

export type ServiceBinding = {
  readonly workspace: string;
  readonly run: string;
  readonly kind: RunKind;
  readonly node: string;
  readonly signal: AbortSignal;
};

/** What every run needs, whatever its kind. */
export type RunOptions = {
  readonly plan: Plan;
  readonly workspace: string;
  /** Id of the run. With a node's path it makes the key that is the same for every attempt. */
  readonly run: string;
  readonly services: (binding: ServiceBinding) => NodeServices;
  /** Called in order, synchronously; it must not throw. */
  readonly emit: (event: RunEvent) => void;
  /** Told once of the error that failed the run, as it was thrown: for the log, since events have its safe form only. */
  readonly onFailure?: (error: unknown, node: string | null) => void;
  /** Aborting it cancels the run. */
  readonly signal: AbortSignal;
  /** Shared by all runs of a process. */
  readonly resources?: Resources;
  /** How long the whole run may take, waits for resources included; null, or left out: as long as its nodes may. */
  readonly runDeadlineMilliseconds?: number | null;
  /**
   * How long one node may take; null: as long as it likes. For a question, unless it is said, as long as the run, or
   * ten minutes; no limit for a build.
   */
  readonly deadlineMilliseconds?: number | null;
  /** How often a node is tried where its errors are retryable. */
  readonly attempts?: number;
  readonly clock?: Clock;
};

export type BuildOptions = RunOptions & {
  readonly artifacts: ArtifactStore;
  /** Names the attempt that writes, so that a thawed one can be refused; the run's id unless said. */
  readonly owner?: string;
  /** Only these nodes, and what is missing upstream of them. */
  readonly only?: readonly string[];
  /** Nodes that hold their artifacts, to be made again where their contents have changed. */
  readonly retrain?: readonly string[];
};

const ownResources = createResources(defaultResourceLimits);

/** The state that the nodes of one run share: its end, its usage, and who is to be told when it stops. */
export class RunScope {
  readonly workspace: string;
  readonly run: string;
  readonly kind: RunKind;
  readonly services: RunOptions['services'];
  readonly clock: Clock;
  readonly resources: Resources;
  readonly deadlineMilliseconds: number | null;
  readonly attempts: number;
  readonly startedAt: number;
  /** Which item of a list this is about, where a node asks a flow for each: `#3`, and `#3#0` within that. */
  readonly items: string;
  readonly #options: RunOptions;
  readonly #outer: RunScope | null;
  #usage: TokenUsage = { promptTokens: 0, completionTokens: 0 };
  /** Listeners of our own: thousands of questions a second would pay dearly for an AbortSignal each. */
  readonly #stopListeners = new Set<(reason: unknown) => void>();
  #stopped: { readonly reason: unknown } | null = null;
  #firstFailure: { readonly error: unknown } | null = null;
  /** An error travels along streams through several nodes; the one where it began is to blame. */
  readonly #origins: WeakMap<object, string>;
  readonly #signal: AbortSignal;
  readonly #emit: RunOptions['emit'];
  readonly #onFailure: RunOptions['onFailure'];
  #over = false;
  #cancelDeadline: (() => void) | null = null;
  readonly #cancel = () => this.#stop(this.#signal.reason);

  constructor(
    options: RunOptions,
    kind: RunKind,
    within: { readonly outer: RunScope; readonly items: string } | null = null,
  ) {
    this.#options = options;
    this.#outer = within?.outer ?? null;
    this.#origins = within === null ? new WeakMap() : within.outer.#origins;
    this.items = within?.items ?? '';
    this.workspace = options.workspace;
    this.run = options.run;
    this.kind = kind;
    this.services = options.services;
    this.#emit = options.emit;
    this.#onFailure = options.onFailure;
    this.clock = options.clock ?? systemClock;
    this.resources = options.resources ?? ownResources;
    const { runDeadlineMilliseconds = null } = options;
    const usualDeadline = kind === 'question' ? (runDeadlineMilliseconds ?? 600_000) : null;
    this.deadlineMilliseconds =
      options.deadlineMilliseconds === undefined ? usualDeadline : options.deadlineMilliseconds;
    this.attempts = options.attempts ?? 3;
    this.startedAt = this.clock.now();
    this.#signal = options.signal;
    if (options.signal.aborted) this.#stopped = { reason: options.signal.reason };
    else options.signal.addEventListener('abort', this.#cancel, { once: true });
    if (runDeadlineMilliseconds !== null) {
      this.#cancelDeadline = this.clock.schedule(runDeadlineMilliseconds, () =>
        this.fail(describeTimeout(runDeadlineMilliseconds)),
      );
    }
  }

  get usage(): TokenUsage {
    return this.#usage;
  }

  get stopped(): { readonly reason: unknown } | null {
    return this.#stopped;
  }

  /** The scope of a flow that a node of this run asks for one item. It ends and fails alone; all else is told here. */
  nest(place: number, signal: AbortSignal): RunScope {
    const { onFailure: _, ...options } = this.#options;
    const emit = (event: RunEvent) => this.emit(event);
    const items = `${this.items}#${place}`;
    const { deadlineMilliseconds } = this;
    // The time of the whole is counted once, for all items together.
    const limits = { deadlineMilliseconds, runDeadlineMilliseconds: null };
    return new RunScope({ ...options, ...limits, signal, emit }, this.kind, { outer: this, items });
  }

  /** Throws what ended it early, as it was thrown. */
  throwIfStopped(): void {
    if (this.#firstFailure !== null) throw this.#firstFailure.error;
    if (this.#stopped !== null) throw this.#stopped.reason;
  }

  get failure(): ErrorReport | null {
    return this.#firstFailure === null ? null : this.report(this.#firstFailure.error);
  }

  addUsage({ promptTokens, completionTokens }: TokenUsage): void {
    this.#outer?.addUsage({ promptTokens, completionTokens });
    this.#usage = {
      promptTokens: this.#usage.promptTokens + promptTokens,
      completionTokens: this.#usage.completionTokens + completionTokens,
    };
  }

  blame(error: unknown, node: string): void {
    if (typeof error === 'object' && error !== null && !this.#origins.has(error)) this.#origins.set(error, node);
  }

  /** Whether an error began at this node, and did not only pass through. */
  beganAt(error: unknown, node: string): boolean {
    return typeof error !== 'object' || error === null || (this.#origins.get(error) ?? node) === node;
  }

  /** The safe form of an error, naming the node where it began. */
  report(error: unknown): ErrorReport {
    const report = reportError(error);
    const origin = typeof error === 'object' && error !== null ? this.#origins.get(error) : undefined;
    return { ...report, node: report.node ?? origin ?? null };
  }

  /** Ends the run with the first failure; what comes after it is a consequence and stays untold. */
  fail(error: unknown): void {
    if (this.#stopped !== null) return;
    this.#firstFailure = { error };
    this.#onFailure?.(error, this.report(error).node);
    this.#stop(new RunStopped({ cause: error }));
  }

  /** Calls back when the run stops before its end. The result takes that back. */
  onStop(listener: (reason: unknown) => void): () => void {
    this.#stopListeners.add(listener);
    return () => this.#stopListeners.delete(listener);
  }

  /** Nothing is told after the end of a run, whatever a node that did not heed its signal still does. */
  emit(event: RunEvent): void {
    if (!this.#over) this.#emit(event);
  }

  /** Lets go of everything and tells the end. */
  end(event: RunEndEvent): void {
    this.emit(event);
    this.#over = true;
    this.close();
  }

  close(): void {
    this.#signal.removeEventListener('abort', this.#cancel);
    this.#cancelDeadline?.();
    this.#stopListeners.clear();
  }

  #stop(reason: unknown): void {
    if (this.#stopped !== null) return;
    this.#stopped = { reason };
    for (const listener of [...this.#stopListeners]) listener(reason);
  }
}

/** Why the other nodes of a run are stopped after one has failed. Never shown. */
export class RunStopped extends Error {
  constructor(options: { readonly cause: unknown }) {
    super('Another node of this run failed', options);
    this.name = 'RunStopped';
  }
}

function describeTimeout(milliseconds: number): KumikiError {
  const seconds = Math.max(1, Math.round(milliseconds / 1_000));
  return new KumikiError({
    code: 'run-timeout',
    message: {
      en: `It took longer than ${seconds} s altogether and was stopped. Try again, or ask for less at a time.`,
      ja: `全体で ${seconds} 秒以内に終わらなかったため、止めました。もう一度試すか、一度に処理する量を減らしてください。`,
    },
    status: 504,
  });
}
