/**
 * What a comparison of this size can see. Rows spread over clusters as those that were measured; the level is shared
 * among the comparisons of the family (Bonferroni, which is Holm's first step), so that the promise holds for each.
 */
export type PowerNote = {
  readonly power: number;
  /** Level of one comparison. */
  readonly level: number;
  readonly rows: number;
  readonly clusters: number;
  /** The smallest true difference that is found with this power. */
  readonly visible: number;
  /** The difference that was asked about, and how many rows and clusters would be needed to find it. */
  readonly wanted: number;
  readonly neededRows: number;
  readonly neededClusters: number;
};
