import { isApplicable, type MetricValue } from '../metrics/metric.ts';
import type { LeftOutCount, MeasuredAnswer } from './comparison.ts';

/** A question, with what it shares with others. */
export type Row = { readonly id: string; readonly cluster: string; readonly topic: string | null };

/** What one arm has of one metric in one row: the values of its repetitions, or why there are none. */
export type Cell =
  | { readonly kind: 'values'; readonly mean: number; readonly values: readonly number[] }
  | { readonly kind: 'none'; readonly reason: LeftOutCount['reason'] };

export type Grid = {
  readonly rows: readonly Row[];
  /** Answers by arm and row. */
  readonly answers: ReadonlyMap<string, ReadonlyMap<string, readonly MeasuredAnswer[]>>;
};

/** A row's cell, for each row in which the arm takes part. */
export type Column = ReadonlyMap<string, Cell>;

export function layOutAnswers(answers: readonly MeasuredAnswer[], arms: readonly string[]): Grid {
  const rows = new Map<string, Row>();
  const byArm = new Map(arms.map((arm) => [arm, new Map<string, MeasuredAnswer[]>()]));
  for (const answer of answers) {
    const ofArm = byArm.get(answer.arm);
    if (ofArm === undefined) continue;
    if (!rows.has(answer.row)) {
      rows.set(answer.row, { id: answer.row, cluster: answer.cluster, topic: answer.topic ?? null });
    }
    const ofRow = ofArm.get(answer.row) ?? [];
    ofRow.push(answer);
    ofArm.set(answer.row, ofRow);
  }
  return { rows: [...rows.values()], answers: byArm };
}

export function readColumn(grid: Grid, arm: string, metric: string): Column {
  const ofArm = grid.answers.get(arm);
  return new Map(grid.rows.map(({ id }) => [id, readCell(ofArm?.get(id) ?? [], metric)]));
}

function readCell(answers: readonly MeasuredAnswer[], metric: string): Cell {
  const values = answers.flatMap((answer) => {
    const value = readValue(answer, metric);
    return value !== null && isApplicable(value) ? [value] : [];
  });
  if (values.length > 0) return { kind: 'values', mean: computeMean(values), values };
  const [first] = answers;
  if (first === undefined) return { kind: 'none', reason: 'not-asked' };
  if (first.outcome.kind === 'left-out') return { kind: 'none', reason: first.outcome.reason };
  const value = readValue(first, metric);
  return { kind: 'none', reason: value === null || isApplicable(value) ? 'not-told' : value.notApplicable };
}

function readValue({ outcome }: MeasuredAnswer, metric: string): MetricValue | null {
  return outcome.kind === 'measured' ? (outcome.metrics[metric] ?? null) : null;
}

export function computeMean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Rows by reason, the most frequent first. */
export function countReasons(reasons: readonly LeftOutCount['reason'][]): readonly LeftOutCount[] {
  const counts = new Map<LeftOutCount['reason'], number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, rows]) => ({ reason, rows })).toSorted((a, b) => b.rows - a.rows);
}
