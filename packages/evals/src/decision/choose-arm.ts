import type { Comparison } from '../comparison/comparison.ts';
import type { ArmFacts, DecisionInput, DecisionOutcome, DecisionReason } from './decision.ts';
import { excludeArms } from './exclude-arms.ts';
import { type Candidate, type Compared, explainOpen, explainPreference, explainUnshown } from './explain-gain.ts';
import { limits } from './limits.ts';
import { priceArms } from './price-arms.ts';
import { weighGain } from './weigh-gain.ts';

export type Choice = { readonly outcome: DecisionOutcome; readonly reasons: readonly DecisionReason[] };

/**
 * Which arm the rules lead to: the cheapest to prepare among those that remain of which it is known that no other
 * brings a gain that matters, and that is shown to be better than every cheaper one (rules C1 to C6). Where that is not
 * known, no arm.
 */
export function chooseArm(input: DecisionInput): Choice {
  const { comparison, judge } = input;
  const all = comparison.arms.map(({ arm }) => arm);
  const exclusions = excludeArms(input);
  const unmeasured = exclusions.filter(({ code }) => code === 'not-measured');
  if (unmeasured.length === all.length) return lackEvidence(unmeasured, []);
  const excluded = new Set(exclusions.map(({ arm }) => arm));
  const remaining = all.filter((arm) => !excluded.has(arm));
  const [only] = remaining;
  if (only === undefined) return { outcome: { kind: 'no-arm-fits' }, reasons: [] };
  if (unmeasured.length === all.length - 1) return lackEvidence([{ arm: only }], [{ code: 'single-arm', arm: only }]);
  if (remaining.length === 1) {
    return { outcome: { kind: 'recommended', arm: only }, reasons: [{ code: 'only-arm-left', arm: only }] };
  }
  if (judge !== null && judge.kappa !== null && judge.labels >= limits.humanLabels && judge.kappa < limits.kappa) {
    const reason = { code: 'judge-disagrees-with-people', kappa: judge.kappa, needed: limits.kappa } as const;
    return lackEvidence(
      remaining.map((arm) => ({ arm })),
      [reason],
    );
  }
  return chooseByGain(comparison, orderArms(input, remaining), readSmallest(input));
}

/** The smallest difference that matters: what the form says, else 5 points. */
export function readSmallest({ answers }: DecisionInput): number {
  return answers.smallestDifference ?? limits.smallestDifference;
}

function lackEvidence(between: readonly { readonly arm: string }[], reasons: readonly DecisionReason[]): Choice {
  return { outcome: { kind: 'not-enough-evidence', between: between.map(({ arm }) => arm) }, reasons };
}

/** The cheapest first, then the quickest to answer; those of unknown effort last. */
function orderArms({ facts, answers }: DecisionInput, arms: readonly string[]): readonly Candidate[] {
  const known = new Map(facts.map((arm) => [arm.arm, arm]));
  const costs = new Map(priceArms(facts, answers).map((cost) => [cost.arm, cost.preparation]));
  const priced = arms.every((arm) => typeof costs.get(arm) === 'number');
  const candidates = arms.map((arm) => {
    const seconds = known.get(arm)?.preparation?.seconds ?? null;
    return { arm, seconds, effort: priced ? (costs.get(arm) ?? null) : seconds };
  });
  const delay = (arm: string) => readDelay(known.get(arm));
  return candidates.toSorted(
    (a, b) => compareNumbers(a.effort ?? Infinity, b.effort ?? Infinity) || compareNumbers(delay(a.arm), delay(b.arm)),
  );
}

function readDelay(facts: ArmFacts | undefined): number {
  return facts?.latency.total?.p50 ?? Infinity;
}

function compareNumbers(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function chooseByGain(comparison: Comparison, candidates: readonly Candidate[], smallest: number): Choice {
  const weigh = (other: Candidate, from: Candidate) =>
    weighGain(comparison, {
      ...{ arm: other.arm, against: from.arm, smallest },
      costsMore: other.effort === null || from.effort === null || other.effort > from.effort,
    });
  /** Arms that nothing beats by what matters, but that are not shown to be better than a cheaper one. */
  const unproven: { readonly arm: string; readonly reasons: readonly DecisionReason[] }[] = [];
  for (const [index, candidate] of candidates.entries()) {
    const others = candidates.filter((other) => other !== candidate);
    const compared = others.map((other) => ({ other, forth: weigh(other, candidate), back: weigh(candidate, other) }));
    if (compared.some(({ forth }) => forth.kind === 'matters')) continue;
    const open = compared.flatMap((pair) => explainOpen(candidate, pair, smallest));
    if (open.length > 0) {
      const rivals = compared.filter(({ forth }) => forth.kind === 'unclear' || forth.kind === 'unknown');
      return lackEvidence([candidate, ...rivals.map(({ other }) => other)], open);
    }
    const cheaper = compared.filter(({ other }) => candidates.indexOf(other) < index);
    const unshown = cheaper.flatMap(explainUnshown);
    if (unshown.length === 0) return recommend(candidate, compared, smallest);
    unproven.push({ arm: candidate.arm, reasons: unshown });
  }
  const open = unproven.length > 0 ? unproven : candidates;
  return lackEvidence(
    open,
    unproven.flatMap(({ reasons }) => reasons),
  );
}

function recommend(candidate: Candidate, compared: readonly Compared[], smallest: number): Choice {
  // Which of two is cheaper to prepare decides, unless one is better by so much that it would win either way.
  const rivals = compared.filter(
    ({ other, back }) => (other.effort === null || candidate.effort === null) && back.kind !== 'matters',
  );
  if (rivals.length > 0) {
    const between = [candidate, ...rivals.map(({ other }) => other)];
    const unmeasured = between.filter(({ effort }) => effort === null);
    return lackEvidence(
      between,
      unmeasured.map(({ arm }) => ({ code: 'preparation-not-measured', arm })),
    );
  }
  const reasons = compared.flatMap((pair) => explainPreference(candidate, pair, smallest));
  const byCost = reasons.some(({ code }) => code !== 'better');
  return {
    outcome: { kind: 'recommended', arm: candidate.arm },
    reasons: [
      ...reasons,
      ...(byCost && candidate.seconds !== null
        ? [{ code: 'cheapest-to-prepare', arm: candidate.arm, seconds: candidate.seconds } as const]
        : []),
    ],
  };
}
