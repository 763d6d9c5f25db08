import { describe, expect, it } from 'vitest';
import { makeFacts, noConditions, noWork } from '../testing/decision-input.ts';
import type { ArmFacts, FormAnswers, Prices } from './decision.ts';
import { priceArms } from './price-arms.ts';

const prices: Prices = {
  ...{ currency: 'JPY', cpuHour: 10, gpuHour: 200, kilowattHour: 30 },
  ...{ millionTokensIn: 100, millionTokensOut: 400 },
};

function price(facts: ArmFacts, answers: Partial<FormAnswers> = {}) {
  return priceArms([facts], { ...noConditions, prices, ...answers })[0];
}

describe('what an arm costs', () => {
  it('is the sum of all that has a price', () => {
    const facts = makeFacts('rag', 0, {
      preparation: { seconds: 7_200, cpuSeconds: 7_200, gpuSeconds: 1_800, kilowattHours: 0.5 },
      perThousandAnswers: { cpuSeconds: 360, gpuSeconds: 0, kilowattHours: 0, tokensIn: 2e6, tokensOut: 5e5 },
    });
    expect(price(facts)).toEqual({
      ...{ arm: 'rag', preparation: 20 + 100 + 15, perThousandAnswers: 1 + 200 + 200 },
      monthly: 401,
    });
    expect(price(facts, { questionsPerMonth: 20_000 })?.monthly).toBe(8_020);
  });

  it('takes in what a month of new facts costs', () => {
    const newFacts = { kind: 'measured', seconds: 60, retrains: true, asked: 5, known: 5 } as const;
    const facts = makeFacts('tuned', 0, { newFacts: { ...newFacts, work: { ...noWork, gpuSeconds: 1_800 } } });
    const monthly = (everyDays: number) => price(facts, { factsChange: { everyDays } })?.monthly ?? 0;
    expect(monthly(1) - monthly(30.4)).toBeCloseTo(100 * 29.4, 9);
  });

  it('is not known where nothing has a price, or what has one was not measured', () => {
    const none = {
      ...prices,
      cpuHour: null,
      gpuHour: null,
      kilowattHour: null,
      millionTokensIn: null,
      millionTokensOut: null,
    };
    expect(price(makeFacts('rag', 60), { prices: none })).toMatchObject({
      preparation: null,
      perThousandAnswers: null,
    });
    expect(price(makeFacts('rag', 60), { prices: null })).toMatchObject({ preparation: null, monthly: null });
    const untold = makeFacts('rag', 60, { preparation: { ...noWork, seconds: 60, gpuSeconds: null } });
    expect(price(untold)).toMatchObject({ preparation: null });
    expect(price(untold, { prices: { ...prices, gpuHour: null } })).toMatchObject({ preparation: 0 });
  });

  it('of a month is not known without the number of questions', () => {
    expect(price(makeFacts('rag', 60), { questionsPerMonth: null })?.monthly).toBeNull();
  });
});
