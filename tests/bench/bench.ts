/** One figure of a bench. `value` and `yardstick` were measured in the same run; a ratio is value over yardstick. */
export type BenchRow = {
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  readonly yardstick: { readonly name: string; readonly value: number } | null;
  readonly ratio: number | null;
  readonly target: string;
  readonly met: boolean;
};

/** A bench measures and returns its rows; `log` is for progress. */
export type Bench = { readonly name: string; run(log: (line: string) => void): Promise<readonly BenchRow[]> };

/** Quantile of a sample by linear interpolation (type 7 of Hyndman and Fan, 1996). `share` is 0…1. */
export function quantile(sample: readonly number[], share: number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) throw new Error('quantile of an empty sample');
  return below + (above - below) * (place - Math.floor(place));
}

export function median(sample: readonly number[]): number {
  return quantile(sample, 0.5);
}
