import { compiled, incbet, incbi, lgam, ndtr } from 'cephes';

// Its functions are not there before its WebAssembly is.
await compiled;

/**
 * The t that so large a share of Student's distribution lies below. Degrees of freedom need not be whole, so both go by
 * the incomplete beta function (Abramowitz and Stegun 26.7.1). `share` is above a half.
 */
export function findTQuantile(share: number, degrees: number): number {
  const x = incbi(degrees / 2, 0.5, 2 * (1 - share));
  return Math.sqrt(degrees * (1 / x - 1));
}

/** How likely a t at least as far from zero is. */
export function computeTwoSidedP(t: number, degrees: number): number {
  return incbet(degrees / 2, 0.5, degrees / (degrees + t ** 2));
}

/**
 * How likely a t of the noncentral distribution is to lie below `t`, by the series of Lenth 1989 (Applied Statistics
 * algorithm 243): no kept library has it. Good to 1e-9 for the degrees and shifts of a power note.
 */
export function computeNoncentralT(t: number, degrees: number, shift: number): number {
  if (t < 0) return 1 - computeNoncentralT(-t, degrees, -shift);
  const below = ndtr(-shift);
  if (t === 0) return below;
  const x = t ** 2 / (t ** 2 + degrees);
  const half = shift ** 2 / 2;
  // Terms of a Poisson distribution around its mean, in logarithms as they underflow for large shifts.
  const last = Math.ceil(half + 12 * Math.sqrt(half) + 40);
  let sum = 0;
  for (let term = 0; term <= last; term += 1) {
    const even = Math.exp(-half + term * safeLog(half) - lgam(term + 1));
    const odd = (shift * Math.exp(-half + term * safeLog(half) - lgam(term + 1.5))) / Math.SQRT2;
    // Far from the mean a term weighs nothing, and the beta functions are what takes time.
    if (even + Math.abs(odd) < 1e-15) continue;
    sum += even * incbet(term + 0.5, degrees / 2, x) + odd * incbet(term + 1, degrees / 2, x);
  }
  return Math.min(1, below + sum / 2);
}

/** So that no shift gives the first term its whole weight: 0 · log 0 is 0 here. */
function safeLog(value: number): number {
  return value === 0 ? -Number.MAX_VALUE : Math.log(value);
}
