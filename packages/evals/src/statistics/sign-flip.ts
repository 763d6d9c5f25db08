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
  let chances: Chances = { sums: Float64Array.of(0), shares: Float64Array.of(1) };
  for (const step of steps) {
    chances = flipOne(chances, step);
    if (chances.sums.length > mostSums) return null;
  }
  let p = 0;
  for (const [index, sum] of chances.sums.entries()) if (Math.abs(sum) >= observed) p += chances.shares[index] ?? 0;
  return { method: 'sign-flip-exact', p: Math.min(1, p) };
}

/** Every sum that can come about, ascending and once, with how likely it is. */
type Chances = { readonly sums: Float64Array; readonly shares: Float64Array };

/** One cluster more: all sums with it added and all with it taken away, merged. */
function flipOne({ sums, shares }: Chances, step: number): Chances {
  const merged = new Float64Array(2 * sums.length);
  const shared = new Float64Array(2 * sums.length);
  let length = 0;
  let lower = 0;
  // All sums with it taken away are through before the last with it added.
  for (let upper = 0; upper < sums.length; length += 1) {
    const less = lower < sums.length ? (sums[lower] ?? 0) - step : Infinity;
    const more = (sums[upper] ?? 0) + step;
    let share = 0;
    if (less <= more) {
      share += shares[lower] ?? 0;
      lower += 1;
    }
    if (more <= less) {
      share += shares[upper] ?? 0;
      upper += 1;
    }
    merged[length] = less < more ? less : more;
    shared[length] = share / 2;
  }
  return { sums: merged.subarray(0, length), shares: shared.subarray(0, length) };
}

function sampleFlips(steps: readonly number[], observed: number, seed: number): number {
  const random = xoroshiro128plus(seed);
  let reached = 1;
  for (let draw = 0; draw < draws; draw += 1) {
    let [sum, bits] = [0, 0];
    for (let index = 0; index < steps.length; index += 1) {
      if (index % 32 === 0) bits = random.next();
      sum += (bits & 1) === 0 ? (steps[index] ?? 0) : -(steps[index] ?? 0);
      bits >>>= 1;
    }
    if (Math.abs(sum) >= observed) reached += 1;
  }
  return reached / (draws + 1);
}
