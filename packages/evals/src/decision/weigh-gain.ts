import type { Comparison, Difference } from '../comparison/comparison.ts';
import type { Gain, NoIntervalReason } from './decision.ts';

/**
 * What the step from one arm to another brings:
 * `matters`: it is shown to be better, and by as much as matters, or it costs no more;
 * `small`: it is shown to be better, by less than matters, and costs more;
 * `none`: whatever it brings is less than matters;
 * `unclear`: it may bring as much as matters, and it may not;
 * `unknown`: there is no interval to say it by.
 */
export type WeighedGain =
  | {
      readonly kind: 'matters' | 'small' | 'none' | 'unclear';
      readonly gain: Gain;
      /** Whether a difference, in whichever direction, is shown. */
      readonly shown: boolean;
      /** Where more questions than were asked are needed to see what matters, and the power note asked about just that. */
      readonly neededRows: number | null;
    }
  | { readonly kind: 'unknown'; readonly why: NoIntervalReason };

export type Step = {
  readonly arm: string;
  readonly against: string;
  /** The smallest gain that matters. */
  readonly smallest: number;
  readonly costsMore: boolean;
};

export function weighGain(comparison: Comparison, { arm, against, smallest, costsMore }: Step): WeighedGain {
  const primary = comparison.metrics.find(({ metric }) => metric.id === comparison.primary);
  const difference = primary?.differences.find(
    (pair) => (pair.arm === arm && pair.against === against) || (pair.arm === against && pair.against === arm),
  );
  if (primary === undefined || difference === undefined) return { kind: 'unknown', why: { kind: 'no-common-rows' } };
  const { interval } = difference;
  if (interval.kind !== 'interval') return { kind: 'unknown', why: interval };
  const turned = (difference.arm === arm) !== (primary.metric.better === 'higher');
  const gain = { arm, against, ...turn({ gain: difference.mean, low: interval.low, high: interval.high }, turned) };
  const { power } = difference;
  const neededRows = power !== null && Math.abs(power.wanted - smallest) < 1e-9 ? power.neededRows : 0;
  const found = { gain, shown: difference.shown, neededRows: neededRows > difference.rows ? neededRows : null };
  return { kind: classify(gain, difference, { smallest, costsMore }), ...found };
}

function classify(
  gain: Gain,
  { shown }: Difference,
  { smallest, costsMore }: Pick<Step, 'smallest' | 'costsMore'>,
): 'matters' | 'small' | 'none' | 'unclear' {
  if (shown && gain.low > 0) return gain.gain >= smallest || !costsMore ? 'matters' : 'small';
  return gain.high < smallest ? 'none' : 'unclear';
}

type Range = { readonly gain: number; readonly low: number; readonly high: number };

function turn(range: Range, turned: boolean): Range {
  return turned ? { gain: -range.gain, low: -range.high, high: -range.low } : range;
}
