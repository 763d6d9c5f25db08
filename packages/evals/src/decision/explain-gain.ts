import type { DecisionReason } from './decision.ts';
import type { WeighedGain } from './weigh-gain.ts';

/** An arm with what it takes to prepare it: its price where all have one, else its time; null: not measured. */
export type Candidate = { readonly arm: string; readonly effort: number | null; readonly seconds: number | null };

/** A candidate beside another arm: what the step to it would bring, and what the step back. */
export type Compared = { readonly other: Candidate; readonly forth: WeighedGain; readonly back: WeighedGain };

/** Why it is not known whether the other arm brings a gain that matters; nothing where it is known. */
export function explainOpen(from: Candidate, { other, forth }: Compared, smallest: number): readonly DecisionReason[] {
  if (forth.kind === 'unknown') return [{ code: 'no-interval', arm: other.arm, against: from.arm, why: forth.why }];
  if (forth.kind !== 'unclear') return [];
  return [{ code: 'cannot-tell', ...forth.gain, smallest, neededRows: forth.neededRows }];
}

/** That a candidate is not shown to be better than a cheaper arm; nothing where it is. */
export function explainUnshown({ back }: Compared): readonly DecisionReason[] {
  if (back.kind === 'unknown' || isShownBetter(back)) return [];
  return [{ code: 'not-shown-better', ...back.gain, neededRows: back.neededRows }];
}

/** Why a candidate is preferred to the other arm. */
export function explainPreference(
  from: Candidate,
  { other, forth, back }: Compared,
  smallest: number,
): readonly DecisionReason[] {
  if (back.kind !== 'unknown' && isShownBetter(back)) return [{ code: 'better', ...back.gain }];
  if (forth.kind === 'none') return [{ code: 'no-gain-that-matters', ...forth.gain, smallest }];
  if (forth.kind !== 'small') return [];
  const times = other.effort !== null && from.effort !== null && from.effort > 0 ? other.effort / from.effort : null;
  return [{ code: 'gain-below-what-matters', ...forth.gain, smallest, times }];
}

function isShownBetter(step: Exclude<WeighedGain, { readonly kind: 'unknown' }>): boolean {
  return step.shown && step.gain.low > 0;
}
