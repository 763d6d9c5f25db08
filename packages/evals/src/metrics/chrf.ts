import { scoreBestReference } from './best-reference.ts';
import { type Metric, type MetricValue, notApplicable } from './metric.ts';

export const chrf: Metric = {
  id: 'chrf',
  title: { en: 'chrF', ja: 'chrF' },
  kind: 'score',
  unit: 'share',
  better: 'higher',
  range: [0, 1],
  formula: {
    en: 'F-score with beta 2 of the mean precision and recall over runs of 1 to 6 characters, white space left out; the best reference counts',
    ja: '空白を除いた 1〜6 文字の並びごとの適合率と再現率をそれぞれ平均し、β = 2 の F 値にしたもの。模範解答が複数あれば最も高い値',
  },
  limits: {
    en: 'The texts are taken as they are: case, width and punctuation count. Says little of answers of one or two characters. No value without a reference.',
    ja: '文面をそのまま比べるため、大文字と小文字、全角と半角、句読点も区別します。1〜2 文字の回答では当てになりません。模範解答がなければ値はありません。',
  },
  source: 'Popović 2015 (aclanthology.org/W15-3049); as sacreBLEU 2, chrF2|nc:6|nw:0|space:no|eff:yes, over 100',
};

const longest = 6;
const beta = 2;

export function scoreChrf(answer: string, references: readonly string[]): MetricValue {
  const given = countRuns(answer);
  return scoreBestReference(references, (reference) => {
    const wanted = countRuns(reference);
    return wanted[0]?.total === 0 ? notApplicable('no-reference') : computeFScore(given, wanted);
  });
}

type Runs = { readonly counts: ReadonlyMap<string, number>; readonly total: number };

/** For each length from 1, how often each run of so many characters occurs. */
function countRuns(text: string): readonly Runs[] {
  const characters = [...text.replaceAll(/\s/gu, '')];
  return Array.from({ length: longest }, (_, index) => {
    const length = index + 1;
    const counts = new Map<string, number>();
    for (let start = 0; start + length <= characters.length; start += 1) {
      const run = characters.slice(start, start + length).join('');
      counts.set(run, (counts.get(run) ?? 0) + 1);
    }
    return { counts, total: Math.max(0, characters.length - index) };
  });
}

/** Lengths of which one side has no run are left out of both means ("effective order"). */
function computeFScore(given: readonly Runs[], wanted: readonly Runs[]): number {
  let [precision, recall, orders] = [0, 0, 0];
  for (const [index, runs] of given.entries()) {
    const others = wanted[index];
    if (others === undefined || runs.total === 0 || others.total === 0) continue;
    let common = 0;
    for (const [run, count] of runs.counts) common += Math.min(count, others.counts.get(run) ?? 0);
    precision += common / runs.total;
    recall += common / others.total;
    orders += 1;
  }
  if (precision + recall === 0) return 0;
  const factor = beta ** 2;
  const [p, r] = [precision / orders, recall / orders];
  return ((1 + factor) * p * r) / (factor * p + r);
}
