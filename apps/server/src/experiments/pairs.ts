import { combineVerdicts, type PairVerdict } from '@kumiki/evals';
import type { ExperimentJudgementRow, LabelKey, Verdict } from '@kumiki/store';
import type { KeptSettings } from './experiment-settings.ts';
import { shuffle } from './order-answers.ts';

/** Arms whose answers are compared two by two: each other one with the baseline, which comes first. */
export function listComparedPairs(
  arms: readonly string[],
  baseline: string,
): readonly { readonly first: string; readonly second: string }[] {
  return arms.filter((arm) => arm !== baseline).map((second) => ({ first: baseline, second }));
}

export function findBaseline(arms: readonly string[], { baseline }: Pick<KeptSettings, 'baseline'>): string {
  return arms[baseline] ?? arms[0] ?? '';
}

/** What the judge said of a pair, of both orders. The second of a pair is the arm, the first, the baseline, what it is against. */
export function readJudgement({ verdict, swappedVerdict, error }: ExperimentJudgementRow): PairVerdict {
  if (error !== null || verdict === null || swappedVerdict === null) return 'unreadable';
  const asShown = { first: 'second', second: 'first', tie: 'tie' } as const;
  return combineVerdicts(asShown[swappedVerdict], verdict);
}

/** A pair as a person sees it: a number that tells nothing of its arms, and which of the two stands left. */
export type BlindPair = LabelKey & { readonly pair: number; readonly isSwapped: boolean };

/** All pairs in an order that the seed draws, so that whoever labels only some of them labels a fair sample. */
export function drawBlindPairs(keys: readonly LabelKey[], seed: number): readonly BlindPair[] {
  const name = ({ row, first, second }: LabelKey) => `${row} ${first} ${second}`;
  const drawn = shuffle(keys, (key) => `${seed} label ${name(key)}`);
  const swapped = new Set(
    shuffle(keys, (key) => `${seed} side ${name(key)}`)
      .slice(0, Math.floor(keys.length / 2))
      .map(name),
  );
  return drawn.map((key, place) => ({ ...key, pair: place, isSwapped: swapped.has(name(key)) }));
}

/** From what stands left to the arms and back: the same either way. */
export function turnVerdict(verdict: Verdict, { isSwapped }: Pick<BlindPair, 'isSwapped'>): Verdict {
  if (!isSwapped || verdict === 'tie') return verdict;
  return verdict === 'first' ? 'second' : 'first';
}
