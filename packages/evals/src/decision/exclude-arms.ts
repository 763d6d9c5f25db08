import type { ArmCost, ArmFacts, DecisionInput, Exclusion, FormAnswers } from './decision.ts';
import { limits, secondsPerDay } from './limits.ts';
import { priceArms } from './price-arms.ts';

/** Everything for which arms are not considered: the rules E1 to E8. An arm may break several. */
export function excludeArms({ comparison, facts, answers }: DecisionInput): readonly Exclusion[] {
  const costs = new Map(priceArms(facts, answers).map((cost) => [cost.arm, cost]));
  const known = new Map(facts.map((arm) => [arm.arm, arm]));
  const primary = comparison.metrics.find(({ metric }) => metric.id === comparison.primary);
  return comparison.arms.flatMap(({ arm, asked, failed }) => {
    const ofArm = known.get(arm);
    const own = primary?.arms.find((summary) => summary.arm === arm)?.own ?? null;
    return [
      ...(own === null ? [{ arm, code: 'not-measured' } as const] : []),
      ...(failed > limits.failures * asked
        ? [{ arm, code: 'fails-often', failed, asked, limit: limits.failures } as const]
        : []),
      ...(ofArm === undefined ? [] : excludeSlow(ofArm, answers)),
      ...excludeDear(costs.get(arm), answers),
      ...(ofArm === undefined ? [] : excludeStale(ofArm, answers)),
    ];
  });
}

function excludeSlow({ arm, latency }: ArmFacts, { latencyLimit }: FormAnswers): readonly Exclusion[] {
  if (latencyLimit === null) return [];
  const measured = latency[latencyLimit.of];
  if (measured === null || measured.answers < limits.latencyAnswers || measured.p95 <= latencyLimit.seconds) return [];
  return [{ arm, code: 'too-slow', of: latencyLimit.of, p95: measured.p95, limit: latencyLimit.seconds }];
}

function excludeDear(cost: ArmCost | undefined, { budget, prices }: FormAnswers): readonly Exclusion[] {
  if (cost === undefined || budget === null || prices === null) return [];
  const { arm, preparation, monthly } = cost;
  const { currency } = prices;
  const exclusions: Exclusion[] = [];
  if (budget.preparation !== null && preparation !== null && preparation > budget.preparation) {
    exclusions.push({ arm, code: 'preparation-over-budget', cost: preparation, limit: budget.preparation, currency });
  }
  if (budget.monthly !== null && monthly !== null && monthly > budget.monthly) {
    exclusions.push({ arm, code: 'running-over-budget', cost: monthly, limit: budget.monthly, currency });
  }
  return exclusions;
}

function excludeStale({ arm, newFacts }: ArmFacts, { factsChange }: FormAnswers): readonly Exclusion[] {
  if (factsChange === null || factsChange === 'never' || newFacts === null) return [];
  const { everyDays } = factsChange;
  if (newFacts.kind === 'no-way-in') return [{ arm, code: 'no-way-in-for-facts', everyDays }];
  const { seconds, retrains, known, asked } = newFacts;
  const exclusions: Exclusion[] = [];
  if (seconds > everyDays * secondsPerDay) {
    exclusions.push({ arm, code: 'facts-change-faster', seconds, everyDays, retrains });
  }
  if (asked > 0 && computeChanceOfAtMost(known, asked) <= limits.unlearnedLevel) {
    exclusions.push({ arm, code: 'does-not-learn-facts', known, asked });
  }
  return exclusions;
}

/** How likely at most `known` of `asked` are, if each is as likely as not: 0 of 5 is 3%, 1 of 5 is 19%. */
function computeChanceOfAtMost(known: number, asked: number): number {
  let [ways, sum] = [1, 0];
  for (let count = 0; count <= known; count += 1) {
    sum += ways;
    ways = (ways * (asked - count)) / (count + 1);
  }
  return sum / 2 ** asked;
}
