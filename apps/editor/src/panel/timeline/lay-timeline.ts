import type { NodeRun, RunState } from '../../run/run-state.ts';

/** One node's bar. Times are milliseconds after the run's start. */
export type TimelineRow = {
  readonly node: string;
  readonly run: NodeRun;
  /** Null while it waits, and for what never ran. */
  readonly start: number | null;
  readonly end: number | null;
  /** The part of the bar in which a model had not written anything yet. */
  readonly wait: number | null;
};

export type Timeline = {
  readonly rows: readonly TimelineRow[];
  readonly length: number;
  /** Where the axis has its marks. */
  readonly ticks: readonly number[];
};

/** Lays out a run: nodes in the order in which they started, bars up to `now` for those at work. */
export function layTimeline(run: RunState, now: number): Timeline {
  const origin = run.startedAt ?? findFirstStart(run) ?? now;
  const rows = Object.entries(run.nodes)
    .map(([node, nodeRun]) => layRow(node, nodeRun, origin, run.endedAt ?? now))
    .sort((a, b) => (a.start ?? Number.POSITIVE_INFINITY) - (b.start ?? Number.POSITIVE_INFINITY));
  const end = run.endedAt === null ? now - origin : run.endedAt - origin;
  const length = Math.max(1, end, ...rows.map((row) => row.end ?? 0));
  return { rows, length, ticks: placeTicks(length) };
}

function layRow(node: string, run: NodeRun, origin: number, until: number): TimelineRow {
  if (run.startedAt === null) return { node, run, start: null, end: null, wait: null };
  const start = Math.max(0, run.startedAt - origin);
  const end = run.milliseconds === null ? Math.max(start, until - origin) : start + run.milliseconds;
  // Told by this machine's clock: of a replay, or under a wrong clock, it says nothing.
  const wait = run.firstTextAt === null ? null : run.firstTextAt - run.startedAt;
  return { node, run, start, end, wait: wait !== null && wait > 0 && wait < end - start ? wait : null };
}

function findFirstStart(run: RunState): number | null {
  const starts = Object.values(run.nodes).flatMap(({ startedAt }) => (startedAt === null ? [] : [startedAt]));
  return starts.length === 0 ? null : Math.min(...starts);
}

/** Three to six marks at 1, 2 or 5 times a power of ten; of minutes and hours at whole ones. */
export function placeTicks(length: number): readonly number[] {
  const steps = [1, 2, 5].flatMap((digit) => [1, 10, 100, 1_000, 10_000].map((power) => digit * power));
  const longSteps = [
    30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000, 86_400_000,
  ];
  const step = [...steps, ...longSteps].sort((a, b) => a - b).find((candidate) => length / candidate <= 5) ?? length;
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, place) => place * step);
}
