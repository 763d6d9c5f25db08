/** What is used of cephes: its own declarations are not reached, as its `exports` name none. */
declare module 'cephes' {
  /** Done when the functions can be called. */
  export const compiled: Promise<void>;
  /** Regularised incomplete beta function. */
  export function incbet(a: number, b: number, x: number): number;
  /** The x at which that function is `share`. */
  export function incbi(a: number, b: number, share: number): number;
  /** Logarithm of the gamma function. */
  export function lgam(x: number): number;
  /** Share of the normal distribution below `x`. */
  export function ndtr(x: number): number;
}
