/**
 * A confidence interval of 95%, or why there is none. Below 15 clusters none is given: what a few clusters say about
 * their own spread is too little, and figures with many digits would hide it.
 */
export type Interval =
  | { readonly kind: 'interval'; readonly low: number; readonly high: number }
  | { readonly kind: 'too-few-clusters'; readonly clusters: number; readonly needed: number }
  /** All clusters are equal: a width of zero would claim certainty. */
  | { readonly kind: 'no-variation' };

export const confidenceLevel = 0.95;

export const fewestClusters = 15;
