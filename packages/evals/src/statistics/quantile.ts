/**
 * The value that so large a share of the others lies below, straight between neighbours (Hyndman and Fan 1996, type 7;
 * as numpy `quantile`). Throws RangeError for no values.
 */
export function computeQuantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(position)], sorted[Math.ceil(position)]];
  if (low === undefined || high === undefined) throw new RangeError('No values have no quantile.');
  return low + (high - low) * (position - Math.floor(position));
}
