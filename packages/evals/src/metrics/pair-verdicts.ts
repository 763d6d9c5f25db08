import { computeInterval, summariseClusters } from '../statistics/cluster-mean.ts';
import { fewestClusters, type Interval } from '../statistics/interval.ts';
import { type SignFlipTest, testSignFlips } from '../statistics/sign-flip.ts';

/** What a judge says of two answers that it was shown one after the other. */
export type ShownVerdict = 'first' | 'second' | 'tie' | 'unreadable';

/** What is made of both orders: where they disagree the judge went by the place, and the pair counts as a tie. */
export type PairVerdict = 'arm' | 'against' | 'tie' | 'disagreement' | 'unreadable';

/** `armFirst` is the verdict with the arm's answer shown first, `armSecond` the one with the other's first. */
export function combineVerdicts(armFirst: ShownVerdict, armSecond: ShownVerdict): PairVerdict {
  if (armFirst === 'unreadable' || armSecond === 'unreadable') return 'unreadable';
  if (armFirst === 'tie' && armSecond === 'tie') return 'tie';
  if (armFirst === 'first' && armSecond === 'second') return 'arm';
  if (armFirst === 'second' && armSecond === 'first') return 'against';
  return 'disagreement';
}

export type VerdictSummary = {
  readonly won: number;
  readonly lost: number;
  /** Disagreements among them. */
  readonly tied: number;
  readonly disagreements: number;
  readonly unreadable: number;
  /** Won minus lost, over the readable pairs, from −1 to 1; null where there is none. */
  readonly preference: number | null;
  readonly interval: Interval | null;
  /** Before any adjustment for other comparisons; null below 15 clusters. */
  readonly test: SignFlipTest | null;
};

/**
 * How often a judge preferred one arm to another, as Zheng et al. 2023 (arXiv:2306.05685) count: both orders, and a win
 * only where they agree. Interval and test treat clusters as those of all metrics.
 */
export function summariseVerdicts(
  pairs: readonly { readonly cluster: string; readonly verdict: PairVerdict }[],
  seed: number,
): VerdictSummary {
  const count = (verdict: PairVerdict) => pairs.filter((pair) => pair.verdict === verdict).length;
  const [won, lost, disagreements] = [count('arm'), count('against'), count('disagreement')];
  const counts = { won, lost, tied: count('tie') + disagreements, disagreements, unreadable: count('unreadable') };
  const readable = pairs.filter(({ verdict }) => verdict !== 'unreadable');
  if (readable.length === 0) return { ...counts, preference: null, interval: null, test: null };
  const summary = summariseClusters(
    readable.map(({ cluster, verdict }) => ({
      cluster,
      value: Number(verdict === 'arm') - Number(verdict === 'against'),
    })),
  );
  return {
    ...counts,
    preference: summary.mean,
    interval: computeInterval(summary, [-1, 1]),
    test: summary.clusters < fewestClusters ? null : testSignFlips(summary.sums, seed),
  };
}
