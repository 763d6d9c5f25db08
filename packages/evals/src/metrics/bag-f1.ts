/**
 * F1 of two bags: 2 · common / (all of one + all of the other), where common counts each element as often as both have
 * it. 0 for two empty bags.
 */
export function computeBagF1(answer: readonly string[], reference: readonly string[]): number {
  const total = answer.length + reference.length;
  if (total === 0) return 0;
  const left = new Map<string, number>();
  for (const element of reference) left.set(element, (left.get(element) ?? 0) + 1);
  let common = 0;
  for (const element of answer) {
    const count = left.get(element) ?? 0;
    if (count === 0) continue;
    left.set(element, count - 1);
    common += 1;
  }
  return (2 * common) / total;
}
