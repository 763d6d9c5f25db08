/**
 * P values of a family so that an error anywhere in it is as rare as the level says (Holm 1979; as statsmodels
 * `multipletests`, method holm). In the order in which they come.
 */
export function adjustHolm(values: readonly number[]): readonly number[] {
  const order = values.map((_, index) => index).toSorted((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const adjusted = new Array<number>(values.length).fill(1);
  let highest = 0;
  for (const [rank, index] of order.entries()) {
    highest = Math.max(highest, Math.min(1, (values[index] ?? 1) * (values.length - rank)));
    adjusted[index] = highest;
  }
  return adjusted;
}
