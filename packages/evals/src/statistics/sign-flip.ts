import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export type SignFlipTest = { readonly method: 'sign-flip-exact' | 'sign-flip-sampled'; readonly p: number };

/**
 * Sums are laid on a grid, so that equal ones meet: a multiple of 1/720720 (what up to 16 repetitions can leave of
 * rights and wrongs) keeps its exact place, and others move by less than 1e-9.
 */
const grid = 720_720_000;
/** So many different sums are enumerated; flips of few clusters, and of rights and wrongs in many, leave fewer. */
const mostSums = 100_000;
const draws = 100_000;

/**
 * How likely a sum at least as far from zero is if in each cluster either arm might as well have been the other: the
 * sign of a whole cluster is flipped, never that of a row alone. Two-sided. Exact wherever the signed sums can be
 * enumerated, each with its probability; else from seeded draws, with the observed one counted among them.
 *
 * Source: Winkler et al. 2015, "Multi-level block permutation" (whole-block sign flips); for clusters of one row this
 * is the exact test of McNemar.
 */
export function testSignFlips(sums: readonly number[], seed: number): SignFlipTest {
  const steps = sums.map((sum) => Math.abs(Math.round(sum * grid))).filter((step) => step !== 0);
  // Rounding to the grid may have moved each step by a half.
  const observed = Math.abs(sums.reduce((sum, value) => sum + Math.round(value * grid), 0)) - steps.length;
  return (
    enumerateFlips(steps, observed) ?? {
      method: 'sign-flip-sampled',
      p: sampleFlips(steps, observed, seed),
    }
  );
}

function enumerateFlips(steps: readonly number[], observed: number): SignFlipTest | null {
  let chances: ReadonlyMap<number, number> = new Map([[0, 1]]);
  for (const step of steps) {
    const next = new Map<number, number>();
    for (const [sum, chance] of chances) {
      next.set(sum + step, (next.get(sum + step) ?? 0) + chance / 2);
      next.set(sum - step, (next.get(sum - step) ?? 0) + chance / 2);
    }
    if (next.size > mostSums) return null;
    chances = next;
  }
  let p = 0;
  for (const [sum, chance] of chances) if (Math.abs(sum) >= observed) p += chance;
  return { method: 'sign-flip-exact', p: Math.min(1, p) };
}

function sampleFlips(steps: readonly number[], observed: number, seed: number): number {
  const random = xoroshiro128plus(seed);
  let reached = 1;
  for (let draw = 0; draw < draws; draw += 1) {
    let [sum, bits] = [0, 0];
    for (const [index, step] of steps.entries()) {
      if (index % 32 === 0) bits = random.next();
      sum += (bits & 1) === 0 ? step : -step;
      bits >>>= 1;
    }
    if (Math.abs(sum) >= observed) reached += 1;
  }
  return reached / (draws + 1);
}
