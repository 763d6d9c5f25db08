import { computeKappa, isApplicable, type PairVerdict, summariseVerdicts } from '@kumiki/evals';
import type { LocalisedText } from '@kumiki/flow';
import type { ExperimentJudgementRow, ExperimentLabelRow, LabelKey } from '@kumiki/store';
import { type JudgeModel, judgePrompts } from '../judge.ts';
import { type BlindPair, readJudgement } from '../pairs.ts';
import type { ExperimentReport } from './make-report.ts';

type JudgeReport = ExperimentReport['judge'];
type Wins = ExperimentReport['labels']['wins'];

type Counting = { readonly clusterOf: (row: number) => string; readonly seed: number };

/** What the judge is, was told and said. Null where nobody judged. */
export function describeJudge(
  judge: JudgeModel | null,
  { judgements, ...counting }: Counting & { readonly judgements: readonly ExperimentJudgementRow[] },
): JudgeReport {
  if (judge === null) return null;
  const asked = judgements.filter(({ error }) => error === null).map((one) => ({ ...one, pair: readJudgement(one) }));
  const error = judgements.find((judgement) => judgement.error !== null)?.error ?? null;
  const count = (verdict: PairVerdict) => asked.filter(({ pair }) => pair === verdict).length;
  return {
    ...{ host: judge.host, model: judge.name, digest: judge.digest },
    prompts: { ...judgePrompts },
    pairs: judgements.length,
    disagreements: count('disagreement'),
    rubbish: count('unreadable'),
    failed: judgements.length - asked.length,
    error: error === null ? null : { ...error },
    wins: countWins(asked, counting),
  };
}

/** What people said, and how far the judge says the same of the same pairs. */
export function describeLabels(
  of: Counting & {
    readonly pairs: readonly BlindPair[];
    readonly judgements: readonly ExperimentJudgementRow[];
    readonly labels: readonly ExperimentLabelRow[];
  },
): ExperimentReport['labels'] {
  const { pairs, judgements, ...counting } = of;
  const labels = of.labels.map((label) => ({ ...label, pair: readLabel(label) }));
  const name = ({ row, first, second }: LabelKey) => `${row} ${first} ${second}`;
  const judged = new Map(judgements.map((judgement) => [name(judgement), settle(readJudgement(judgement))]));
  const both = labels.flatMap((label) => {
    const verdict = judged.get(name(label)) ?? null;
    return verdict === null ? [] : [{ person: label.pair, judge: verdict }];
  });
  const kappa = computeKappa(
    both.map(({ person }) => person),
    both.map(({ judge }) => judge),
  );
  return {
    pairs: pairs.length,
    labelled: new Set(labels.map(name)).size,
    kappa: isApplicable(kappa) ? kappa : null,
    kappaAbsence: isApplicable(kappa) ? null : explainAbsence(judgements.length, both.length),
    wins: countWins(labels, counting),
  };
}

function readLabel({ verdict }: ExperimentLabelRow): 'arm' | 'against' | 'tie' {
  const verdicts = { first: 'against', second: 'arm', tie: 'tie' } as const;
  return verdicts[verdict];
}

/** A person gives one verdict: two orders that disagree are the judge's way to say that it cannot tell. */
function settle(verdict: PairVerdict): 'arm' | 'against' | 'tie' | null {
  if (verdict === 'unreadable') return null;
  return verdict === 'disagreement' ? 'tie' : verdict;
}

function countWins(pairs: readonly (LabelKey & { readonly pair: PairVerdict })[], { clusterOf, seed }: Counting): Wins {
  const groups = Map.groupBy(pairs, ({ first, second }) => JSON.stringify([second, first]));
  return [...groups.values()].flatMap((group) => {
    const [one] = group;
    if (one === undefined) return [];
    const verdicts = group.map(({ row, pair }) => ({ cluster: clusterOf(row), verdict: pair }));
    const { test, ...summary } = summariseVerdicts(verdicts, seed);
    return [{ arm: one.second, against: one.first, ...summary, test: test === null ? null : { ...test } }];
  });
}

function explainAbsence(judged: number, both: number): LocalisedText {
  if (judged === 0) {
    return { en: 'There is no judge to agree with.', ja: '比べる判定モデルがありません。' };
  }
  if (both < 2) {
    return {
      en: `People have labelled ${both} of the pairs that the judge could compare. At least two are needed.`,
      ja: `判定モデルが比べた組のうち、人が採点したものは ${both} 組です。2 組以上必要です。`,
    };
  }
  return {
    en: 'All labels are the same, so agreement beyond chance has no meaning.',
    ja: 'すべて同じ採点のため、偶然を除いた一致を計算できません。',
  };
}
