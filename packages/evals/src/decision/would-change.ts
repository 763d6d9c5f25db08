import { type Choice, chooseArm, readSmallest } from './choose-arm.ts';
import type { DecisionInput, DecisionOutcome, FormAnswers, WouldChange } from './decision.ts';
import { secondsPerDay } from './limits.ts';
import { priceArms } from './price-arms.ts';
import { weighGain } from './weigh-gain.ts';

/** Another answer to one question of the form, with how it is said if it leads elsewhere. */
type Attempt = { readonly answers: Partial<FormAnswers>; readonly change: DistributiveOmit<WouldChange, 'outcome'> };
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** A limit that a measured value just breaks. */
const justBelow = 1 - 1e-9;

/**
 * What other answers to the form would lead to: for each question the nearest answer, in each direction, with which the
 * same rules come to another outcome. Only answers at which something turns are tried: what was measured of the arms.
 */
export function findWouldChange(input: DecisionInput, { outcome }: Choice): readonly WouldChange[] {
  const directions = [
    ...changeFacts(input),
    ...changeLatency(input),
    ...changeBudget(input, 'preparation'),
    ...changeBudget(input, 'monthly'),
    ...changeSmallest(input),
  ];
  return directions.flatMap((attempts) => findFirstChange(input, outcome, attempts));
}

function findFirstChange(
  input: DecisionInput,
  before: DecisionOutcome,
  attempts: readonly Attempt[],
): readonly WouldChange[] {
  for (const { answers, change } of attempts) {
    const { outcome } = chooseArm({ ...input, answers: { ...input.answers, ...answers } });
    // That less would be known is no advice.
    if (outcome.kind === 'not-enough-evidence' || isSameOutcome(outcome, before)) continue;
    return [{ ...change, outcome }];
  }
  return [];
}

function isSameOutcome(one: DecisionOutcome, other: DecisionOutcome): boolean {
  if (one.kind === 'recommended' && other.kind === 'recommended') return one.arm === other.arm;
  return one.kind === other.kind;
}

function changeFacts({ facts, answers: { factsChange } }: DecisionInput): readonly (readonly Attempt[])[] {
  const days = sortDistinct(
    facts.flatMap(({ newFacts }) => (newFacts?.kind === 'measured' ? [newFacts.seconds / secondsPerDay] : [])),
  ).filter((value) => value > 0);
  const now = factsChange === null || factsChange === 'never' ? Infinity : factsChange.everyDays;
  const slowest = Math.max(0, ...days) + 1;
  const atAll: Attempt = {
    answers: { factsChange: { everyDays: slowest } },
    change: { code: 'facts-change-more-often', everyDays: 'at-all' },
  };
  const never: Attempt = {
    answers: { factsChange: 'never' },
    change: { code: 'facts-change-less-often', everyDays: 'never' },
  };
  const more = days.filter((value) => value <= now).toReversed();
  const less = days.filter((value) => value > now);
  return [
    [
      ...(now === Infinity ? [atAll] : []),
      ...more.map(
        (everyDays): Attempt => ({
          answers: { factsChange: { everyDays: everyDays * justBelow } },
          change: { code: 'facts-change-more-often', everyDays },
        }),
      ),
    ],
    [
      ...less.map(
        (everyDays): Attempt => ({
          answers: { factsChange: { everyDays } },
          change: { code: 'facts-change-less-often', everyDays },
        }),
      ),
      ...(now === Infinity ? [] : [never]),
    ],
  ];
}

function changeLatency({ facts, answers: { latencyLimit } }: DecisionInput): readonly (readonly Attempt[])[] {
  const of = latencyLimit?.of ?? 'total';
  const now = latencyLimit?.seconds ?? Infinity;
  const measured = sortDistinct(facts.flatMap(({ latency }) => latency[of]?.p95 ?? []));
  return [
    measured
      .filter((seconds) => seconds <= now)
      .toReversed()
      .map((seconds) => ({
        answers: { latencyLimit: { of, seconds: seconds * justBelow } },
        change: { code: 'latency-limit-lower', of, seconds },
      })),
    measured
      .filter((seconds) => seconds > now)
      .map((seconds) => ({
        answers: { latencyLimit: { of, seconds } },
        change: { code: 'latency-limit-higher', of, seconds },
      })),
  ];
}

function changeBudget(
  { facts, answers }: DecisionInput,
  of: 'preparation' | 'monthly',
): readonly (readonly Attempt[])[] {
  const { prices } = answers;
  if (prices === null) return [];
  const { currency } = prices;
  const budget = answers.budget ?? { preparation: null, monthly: null };
  const now = budget[of] ?? Infinity;
  const costs = sortDistinct(priceArms(facts, answers).flatMap((cost) => cost[of] ?? []));
  return [
    costs
      .filter((amount) => amount <= now && amount > 0)
      .toReversed()
      .map((amount) => ({
        answers: { budget: { ...budget, [of]: amount * justBelow } },
        change: { code: 'budget-lower', of, amount, currency },
      })),
    costs
      .filter((amount) => amount > now)
      .map((amount) => ({
        answers: { budget: { ...budget, [of]: amount } },
        change: { code: 'budget-higher', of, amount, currency },
      })),
  ];
}

/** What matters turns an outcome at the gains themselves and at the upper ends of their intervals. */
function changeSmallest(input: DecisionInput): readonly (readonly Attempt[])[] {
  const now = readSmallest(input);
  const arms = input.comparison.arms.map(({ arm }) => arm);
  const steps = arms.flatMap((arm) => arms.filter((other) => other !== arm).map((against) => ({ arm, against })));
  const weighed = steps.flatMap((step) => {
    const found = weighGain(input.comparison, { ...step, smallest: now, costsMore: true });
    return found.kind === 'unknown' ? [] : [found.gain];
  });
  const gains = sortDistinct(weighed.map(({ gain }) => gain));
  const edges = sortDistinct(weighed.flatMap(({ gain, high }) => [gain, high]));
  return [
    gains
      .filter((gain) => gain < now && gain > 0)
      .toReversed()
      .map((smallest) => ({
        answers: { smallestDifference: smallest },
        change: { code: 'smaller-differences-matter', smallest },
      })),
    edges
      .filter((edge) => edge >= now)
      .map((smallest) => ({
        answers: { smallestDifference: smallest / justBelow },
        change: { code: 'larger-differences-matter', smallest },
      })),
  ];
}

function sortDistinct(values: readonly number[]): readonly number[] {
  return [...new Set(values)].toSorted((a, b) => a - b);
}
