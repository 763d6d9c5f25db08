import type { RunEvent } from '../runs/event-log.ts';

type ProgressEvent = Extract<RunEvent, { type: 'experiment-progress' }>;
type Stage = ProgressEvent['stage'];

const tellMilliseconds = 1_000;

/** Tells how far a stage of an experiment is, at most once a second, and how long the rest of it will take. */
export class Progress {
  readonly #emit: (event: RunEvent) => void;
  readonly #stage: Stage;
  /** By what takes alike: how many there are still to do, and what those took that are done. */
  readonly #kinds = new Map<string, { left: number; done: number; milliseconds: number }>();
  readonly #total: number;
  #done: number;
  #failed: number;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(
    emit: (event: RunEvent) => void,
    of: {
      readonly stage: Stage;
      readonly total: number;
      /** What was done before this process took over. */
      readonly done: number;
      readonly failed: number;
      readonly left: ReadonlyMap<string, number>;
    },
  ) {
    this.#emit = emit;
    this.#stage = of.stage;
    this.#total = of.total;
    this.#done = of.done;
    this.#failed = of.failed;
    for (const [kind, left] of of.left) this.#kinds.set(kind, { left, done: 0, milliseconds: 0 });
    this.#tell(null);
  }

  step(kind: string, milliseconds: number, hasFailed = false): void {
    this.#done += 1;
    if (hasFailed) this.#failed += 1;
    const known = this.#kinds.get(kind) ?? { left: 1, done: 0, milliseconds: 0 };
    this.#kinds.set(kind, {
      left: known.left - 1,
      done: known.done + 1,
      milliseconds: known.milliseconds + milliseconds,
    });
    if (this.#done === this.#total || performance.now() - this.#toldAt >= tellMilliseconds) this.#tell(kind);
  }

  #tell(arm: string | null): void {
    this.#toldAt = performance.now();
    this.#emit({
      type: 'experiment-progress',
      stage: this.#stage,
      ...{ done: this.#done, total: this.#total, failed: this.#failed, arm },
      remainingSeconds: this.#estimate(),
      at: new Date().toISOString(),
    });
  }

  /** Each kind goes on as it went so far; one that was not met yet, as all others on average. */
  #estimate(): number | null {
    const kinds = [...this.#kinds.values()];
    const done = kinds.reduce((sum, kind) => sum + kind.done, 0);
    if (done === 0) return null;
    const usual = kinds.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / done;
    const rest = kinds.reduce(
      (sum, kind) => sum + kind.left * (kind.done === 0 ? usual : kind.milliseconds / kind.done),
      0,
    );
    return Math.round(rest / 100) / 10;
  }
}
