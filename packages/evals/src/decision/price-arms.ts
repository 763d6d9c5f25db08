import type { ArmCost, ArmFacts, FormAnswers, Prices, Work } from './decision.ts';
import { daysPerMonth } from './limits.ts';

type Priced = keyof Omit<Prices, 'currency'>;
type Amounts = { readonly [part in Priced]?: number | null };

/** What each arm costs to prepare, for 1,000 answers and for a month. */
export function priceArms(facts: readonly ArmFacts[], answers: FormAnswers): readonly ArmCost[] {
  return facts.map((arm) => priceArm(arm, answers));
}

function priceArm(facts: ArmFacts, { prices, questionsPerMonth, factsChange }: FormAnswers): ArmCost {
  const preparation = facts.preparation === null ? null : price(countWork(facts.preparation), prices);
  const perThousandAnswers =
    facts.perThousandAnswers === null
      ? null
      : price(
          {
            ...countWork(facts.perThousandAnswers),
            millionTokensIn: scale(facts.perThousandAnswers.tokensIn, 1e-6),
            millionTokensOut: scale(facts.perThousandAnswers.tokensOut, 1e-6),
          },
          prices,
        );
  const updates = typeof factsChange === 'object' && factsChange !== null ? daysPerMonth / factsChange.everyDays : 0;
  const update = updates > 0 && facts.newFacts?.kind === 'measured' ? price(countWork(facts.newFacts.work), prices) : 0;
  const monthly =
    perThousandAnswers === null || questionsPerMonth === null || update === null
      ? null
      : (perThousandAnswers * questionsPerMonth) / 1_000 + updates * update;
  return { arm: facts.arm, preparation, perThousandAnswers, monthly };
}

function countWork({ cpuSeconds, gpuSeconds, kilowattHours }: Work): Amounts {
  return { cpuHour: scale(cpuSeconds, 1 / 3_600), gpuHour: scale(gpuSeconds, 1 / 3_600), kilowattHour: kilowattHours };
}

function scale(value: number | null, factor: number): number | null {
  return value === null ? null : value * factor;
}

/** Null where no price is known, and where something that has a price was not measured. */
function price(amounts: Amounts, prices: Prices | null): number | null {
  if (prices === null) return null;
  let total: number | null = null;
  for (const part of pricedParts) {
    const [amount, each] = [amounts[part], prices[part]];
    if (amount === undefined || each === null) continue;
    if (amount === null) return null;
    total = (total ?? 0) + amount * each;
  }
  return total;
}

const pricedParts: readonly Priced[] = [
  ...(['cpuHour', 'gpuHour', 'kilowattHour', 'millionTokensIn', 'millionTokensOut'] as const),
];
