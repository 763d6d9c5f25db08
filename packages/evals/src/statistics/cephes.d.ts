/** What is used of cephes: its own declarations are not reached, as its `exports` name none. */
declare module 'cephes' {
  /** Done when the functions can be called. */
  export const compiled: Promise<void>;
  /** Regularised incomplete beta function. */
  export function incbet(a: number, b: number, x: number): number;
  /** Logarithm of the gamma function. */
  export function lgam(x: number): number;
  /** Share of the normal distribution below `x`. */
  export function ndtr(x: number): number;
  /** Share of Student's t below `t`, with whole degrees of freedom. */
  export function stdtr(degrees: number, t: number): number;
  /** The t with such a share below it. */
  export function stdtri(degrees: number, share: number): number;
}
