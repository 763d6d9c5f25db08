import { describe, expect, it } from 'vitest';
import { makeComparison, makeFacts, noConditions } from '../testing/decision-input.ts';
import { decide } from './decide.ts';
import type { Decision, DecisionReason, Exclusion, Missing, WouldChange } from './decision.ts';
import { renderDecision } from './render-decision.ts';

const names = { rag: { en: 'RAG', ja: 'RAG' }, both: { en: 'Tuned + RAG', ja: '調整済み＋RAG' } };
const empty: Decision = {
  outcome: { kind: 'recommended', arm: 'rag' },
  ...{ reasons: [], excluded: [], wouldChange: [], missing: [] },
};
const gain = { arm: 'both', against: 'rag', gain: 0.04, low: 0.01, high: 0.07 };
const recommended = { kind: 'recommended', arm: 'both' } as const;

function renderReason(reason: DecisionReason) {
  return renderDecision({ ...empty, reasons: [reason] }, names).reasons[0];
}

describe('a decision in sentences', () => {
  it('reads as a person would put it', () => {
    const decision = decide({
      comparison: makeComparison(['rag', 'both'], [['both', 'rag', 0.04, 0.01, 0.07]]),
      facts: [makeFacts('rag', 1_565), makeFacts('both', 3_600)],
      judge: null,
      answers: { ...noConditions, factsChange: { everyDays: 7 }, budget: null, latencyLimit: null },
    });
    const text = renderDecision(decision, names);
    expect(text.headline).toEqual({ en: '“RAG” is recommended.', ja: '「RAG」をおすすめします。' });
    expect(text.reasons.map(({ en }) => en)).toEqual([
      'Facts change every 7 days; “RAG” can answer from a new one after 40 seconds (it knew 5 of 5).',
      '“Tuned + RAG” would gain 4 points [1, 7] at 2.3 times the preparation; 5 points are what matters.',
      'Of these, “RAG” is the cheapest to prepare (26.1 minutes).',
    ]);
    expect(text.reasons.map(({ ja }) => ja)).toEqual([
      '事実は 7 日ごとに変わります。「RAG」は、追加してから 40 秒で新しい事実をもとに答えられます（5 件中 5 件に正答）。',
      '「調整済み＋RAG」なら 4 点 [1, 7] 上がりますが、準備の負担が 2.3 倍になり、意味のある差とした 5 点に届きません。',
      'その中で準備の負担が最も小さいのは「RAG」です（26.1 分）。',
    ]);
    expect(text.wouldChange).toContainEqual({
      en: 'If 4 points already matter, “Tuned + RAG” is recommended.',
      ja: '4 点の差にも意味があるなら、「調整済み＋RAG」をおすすめします。',
    });
    expect(text.missing.map(({ ja }) => ja)).toEqual(['許容できる応答時間が未回答です。', '予算が未回答です。']);
  });

  it('says that there is not enough evidence, and how much would be', () => {
    const outcome = { kind: 'not-enough-evidence', between: ['rag', 'both'] } as const;
    const reason = { code: 'cannot-tell', ...gain, low: -0.02, high: 0.1, smallest: 0.05, neededRows: 389 } as const;
    const text = renderDecision({ ...empty, outcome, reasons: [reason] }, names);
    expect(text.headline).toEqual({
      en: 'There is not enough evidence to choose between “RAG” and “Tuned + RAG”.',
      ja: '「RAG」と「調整済み＋RAG」のどちらが良いか、判断できるだけの根拠がありません。',
    });
    expect(text.reasons[0]).toEqual({
      en: 'Whether “Tuned + RAG” is better than “RAG” by the 5 points that matter cannot be told: the difference is 4 points [−2, 10]. About 390 questions would be needed.',
      ja: '「調整済み＋RAG」が「RAG」を、意味のある差とした 5 点以上上回るかどうかは判断できません。差は 4 点 [−2, 10] です。判断には約 390 問が必要です。',
    });
  });

  it('calls an arm without a name by its id', () => {
    const text = renderDecision({ ...empty, outcome: { kind: 'recommended', arm: 'flow-7:answer' } }, names);
    expect(text.headline.en).toBe('“flow-7:answer” is recommended.');
  });

  it('gives a preparation that takes nothing no time', () => {
    expect(renderReason({ code: 'cheapest-to-prepare', arm: 'rag', seconds: 0 })).toEqual({
      en: '“RAG” needs no preparation.',
      ja: '「RAG」は準備がいりません。',
    });
  });
});

const reasons: readonly DecisionReason[] = [
  { code: 'better', ...gain },
  { code: 'no-gain-that-matters', ...gain, smallest: 0.05 },
  { code: 'gain-below-what-matters', ...gain, smallest: 0.05, times: null },
  { code: 'only-arm-left', arm: 'rag' },
  { code: 'single-arm', arm: 'rag' },
  { code: 'not-shown-better', ...gain, neededRows: null },
  { code: 'no-interval', arm: 'both', against: 'rag', why: { kind: 'no-common-rows' } },
  { code: 'no-interval', arm: 'both', against: 'rag', why: { kind: 'too-few-clusters', clusters: 9, needed: 15 } },
  { code: 'no-interval', arm: 'both', against: 'rag', why: { kind: 'no-variation' } },
  { code: 'preparation-not-measured', arm: 'rag' },
];
const exclusions: readonly Exclusion[] = [
  { code: 'not-measured', arm: 'rag' },
  { code: 'fails-often', arm: 'rag', failed: 7, asked: 120, limit: 0.05 },
  { code: 'too-slow', arm: 'rag', of: 'firstToken', p95: 3.25, limit: 2 },
  { code: 'preparation-over-budget', arm: 'rag', cost: 1_234.5, limit: 1_000, currency: 'JPY' },
  { code: 'running-over-budget', arm: 'rag', cost: 9.5, limit: 9, currency: 'EUR' },
  { code: 'no-way-in-for-facts', arm: 'rag', everyDays: 7 },
  { code: 'facts-change-faster', arm: 'rag', seconds: 172_800, everyDays: 1, retrains: true },
  { code: 'facts-change-faster', arm: 'rag', seconds: 172_800, everyDays: 0.5, retrains: false },
  { code: 'does-not-learn-facts', arm: 'rag', known: 0, asked: 5 },
];
const changes: readonly WouldChange[] = [
  { code: 'facts-change-more-often', everyDays: 2, outcome: recommended },
  { code: 'facts-change-more-often', everyDays: 'at-all', outcome: recommended },
  { code: 'facts-change-less-often', everyDays: 2, outcome: recommended },
  { code: 'facts-change-less-often', everyDays: 'never', outcome: recommended },
  { code: 'latency-limit-lower', of: 'total', seconds: 8, outcome: { kind: 'no-arm-fits' } },
  { code: 'latency-limit-higher', of: 'firstToken', seconds: 8, outcome: recommended },
  { code: 'budget-lower', of: 'monthly', amount: 12_345, currency: 'JPY', outcome: recommended },
  { code: 'budget-higher', of: 'preparation', amount: 12_345, currency: 'JPY', outcome: recommended },
  { code: 'larger-differences-matter', smallest: 0.09, outcome: recommended },
];
const missing: readonly Missing[] = [
  { code: 'facts-change' },
  { code: 'questions-per-month' },
  { code: 'prices', of: ['gpuHour', 'kilowattHour'] },
  { code: 'smallest-difference', taken: 0.05 },
  { code: 'latency-not-measured', arm: 'rag', answers: 3, needed: 20 },
  { code: 'new-facts-not-measured', arm: 'rag' },
  { code: 'resources-not-measured', arm: 'rag' },
  { code: 'human-labels', labels: 4, needed: 30 },
];

describe('every sentence', () => {
  it('is the one that was read and found good', () => {
    const text = renderDecision({ ...empty, reasons, excluded: exclusions, wouldChange: changes, missing }, names);
    const all = [...text.reasons, ...text.excluded, ...text.wouldChange, ...text.missing];
    expect(all.map(({ en }) => en)).toMatchSnapshot('English');
    expect(all.map(({ ja }) => ja)).toMatchSnapshot('Japanese');
  });
});
