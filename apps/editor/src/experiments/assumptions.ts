import type { ExperimentForm } from '../api/experiments.ts';

/** What is typed in the form: numbers as they stand in their fields, of which any may be empty. */
export type Assumptions = Readonly<Record<Amount, number | string>> & {
  /** Days between changes, or `never`; null: not said. */
  readonly factsChange: string | null;
  readonly latencyOf: 'firstToken' | 'total';
  readonly currency: string;
};

export const amounts = [
  'latencySeconds',
  'questionsPerMonth',
  'budgetPreparation',
  'budgetMonthly',
  'cpuHour',
  'gpuHour',
  'kilowattHour',
  'millionTokensIn',
  'millionTokensOut',
  'smallestPoints',
] as const;
export type Amount = (typeof amounts)[number];

const never = 'never';
/** Days between changes that can be chosen. */
export const usualDays = [
  { every: never, name: 'never' },
  { every: '365', name: 'yearly' },
  { every: '30', name: 'monthly' },
  { every: '7', name: 'weekly' },
  { every: '1', name: 'daily' },
] as const;

export function typeForm(form: Partial<ExperimentForm>): Assumptions {
  const { factsChange = null, latencyLimit, budget, prices, questionsPerMonth, smallestDifference } = form;
  return {
    factsChange: factsChange === null || factsChange === never ? factsChange : String(factsChange.everyDays),
    latencyOf: latencyLimit?.of ?? 'total',
    latencySeconds: latencyLimit?.seconds ?? '',
    questionsPerMonth: questionsPerMonth ?? '',
    budgetPreparation: budget?.preparation ?? '',
    budgetMonthly: budget?.monthly ?? '',
    currency: prices?.currency ?? '',
    cpuHour: prices?.cpuHour ?? '',
    gpuHour: prices?.gpuHour ?? '',
    kilowattHour: prices?.kilowattHour ?? '',
    millionTokensIn: prices?.millionTokensIn ?? '',
    millionTokensOut: prices?.millionTokensOut ?? '',
    smallestPoints: smallestDifference == null ? '' : Math.round(smallestDifference * 1_000) / 10,
  };
}

/** What is kept. What stayed empty is null, so that the report says that it is missing. */
export function readAssumptions(typed: Assumptions, unnamedCurrency: string): ExperimentForm {
  const read = (name: Amount) => (typed[name] === '' ? null : Number(typed[name]));
  const budget = { preparation: read('budgetPreparation'), monthly: read('budgetMonthly') };
  const prices = {
    cpuHour: read('cpuHour'),
    gpuHour: read('gpuHour'),
    kilowattHour: read('kilowattHour'),
    millionTokensIn: read('millionTokensIn'),
    millionTokensOut: read('millionTokensOut'),
  };
  const isPriced = Object.values(prices).some((price) => price !== null);
  const seconds = read('latencySeconds');
  const points = read('smallestPoints');
  const { factsChange, latencyOf } = typed;
  return {
    factsChange: factsChange === null ? null : factsChange === never ? never : { everyDays: Number(factsChange) },
    // Nobody waits no time at all, and a difference of nothing is none: a zero is an empty field.
    latencyLimit: seconds ? { of: latencyOf, seconds } : null,
    smallestDifference: points ? points / 100 : null,
    questionsPerMonth: read('questionsPerMonth'),
    budget: budget.preparation === null && budget.monthly === null ? null : budget,
    prices: isPriced ? { currency: typed.currency.trim() || unnamedCurrency, ...prices } : null,
  };
}
