import type { ArmFacts, DecisionInput, FormAnswers, Missing, Work } from './decision.ts';
import { limits } from './limits.ts';
import { priceArms } from './price-arms.ts';

/** What was not answered or not measured, although a rule would have used it. */
export function findMissing({ facts, answers, judge, comparison }: DecisionInput): readonly Missing[] {
  const known = comparison.arms.flatMap(({ arm }) => facts.find((ofArm) => ofArm.arm === arm) ?? []);
  return [
    ...(answers.factsChange === null ? [{ code: 'facts-change' } as const] : []),
    ...(answers.latencyLimit === null ? [{ code: 'latency-limit' } as const] : []),
    ...findMissingBudget(answers, known),
    ...(answers.smallestDifference === null
      ? [{ code: 'smallest-difference', taken: limits.smallestDifference } as const]
      : []),
    ...known.flatMap((arm) => findUnmeasured(arm, answers)),
    ...(judge !== null && (judge.kappa === null || judge.labels < limits.humanLabels)
      ? [{ code: 'human-labels', labels: judge.labels, needed: limits.humanLabels } as const]
      : []),
  ];
}

function findMissingBudget(
  { budget, questionsPerMonth, prices }: FormAnswers,
  facts: readonly ArmFacts[],
): readonly Missing[] {
  if (budget === null || (budget.preparation === null && budget.monthly === null)) return [{ code: 'budget' }];
  const missing: Missing[] = [];
  if (budget.monthly !== null && questionsPerMonth === null) missing.push({ code: 'questions-per-month' });
  const unpriced = listUsedParts(facts).filter((part) => prices === null || prices[part] === null);
  if (unpriced.length > 0) missing.push({ code: 'prices', of: unpriced });
  return missing;
}

/** What the arms were seen to use. Tokens have a price only where somebody else's models answer, so nobody is asked. */
function listUsedParts(facts: readonly ArmFacts[]): readonly ('cpuHour' | 'gpuHour' | 'kilowattHour')[] {
  const work = facts.flatMap(({ preparation, perThousandAnswers }) => [preparation, perThousandAnswers]);
  const uses = (part: keyof Work) => work.some((done) => (done?.[part] ?? 0) > 0);
  return [
    ...(uses('cpuSeconds') ? (['cpuHour'] as const) : []),
    ...(uses('gpuSeconds') ? (['gpuHour'] as const) : []),
    ...(uses('kilowattHours') ? (['kilowattHour'] as const) : []),
  ];
}

function findUnmeasured(facts: ArmFacts, answers: FormAnswers): readonly Missing[] {
  const { arm, latency, newFacts } = facts;
  const { latencyLimit, factsChange, budget, prices } = answers;
  const missing: Missing[] = [];
  if (latencyLimit !== null) {
    const measured = latency[latencyLimit.of]?.answers ?? 0;
    if (measured < limits.latencyAnswers) {
      missing.push({ code: 'latency-not-measured', arm, answers: measured, needed: limits.latencyAnswers });
    }
  }
  const isAsked = factsChange !== null && factsChange !== 'never';
  if (isAsked && newFacts === null) missing.push({ code: 'new-facts-not-measured', arm });
  if (budget !== null && prices !== null) {
    const [cost] = priceArms([facts], answers);
    const lacksPreparation = budget.preparation !== null && (cost?.preparation ?? null) === null;
    const lacksRunning =
      budget.monthly !== null && answers.questionsPerMonth !== null && (cost?.monthly ?? null) === null;
    if (lacksPreparation || lacksRunning) missing.push({ code: 'resources-not-measured', arm });
  }
  return missing;
}
