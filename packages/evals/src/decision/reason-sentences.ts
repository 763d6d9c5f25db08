import type { LocalisedText } from '../metrics/metric.ts';
import type { DecisionReason, NoIntervalReason } from './decision.ts';
import { formatDuration, formatEvery, formatGain, formatNumber, formatPoints, roundUpCount } from './format-figures.ts';

/** Names of arms, as a sentence of that language takes them. */
export type ArmNames = (arm: string) => LocalisedText;

export function renderReason(reason: DecisionReason, names: ArmNames): LocalisedText {
  switch (reason.code) {
    case 'better':
      return fill(reason, names, ({ arm, against, gain }) => ({
        en: `${arm.en} is better than ${against.en} by ${gain.en}.`,
        ja: `${arm.ja}は${against.ja}を ${gain.ja} 上回りました。`,
      }));
    case 'no-gain-that-matters': {
      const smallest = formatPoints(reason.smallest);
      return fill(reason, names, ({ arm, against, gain }) => ({
        en: `${arm.en} instead of ${against.en} would bring ${gain.en}, which is less than the ${smallest} points that matter.`,
        ja: `${against.ja}を${arm.ja}に替えたときの差は ${gain.ja} で、意味のある差とした ${smallest} 点に届きません。`,
      }));
    }
    case 'gain-below-what-matters': {
      const smallest = formatPoints(reason.smallest);
      const times = reason.times === null ? null : formatNumber(reason.times);
      return fill(reason, names, ({ arm, gain }) => ({
        en: `${arm.en} would gain ${gain.en}${times === null ? '' : ` at ${times} times the preparation`}; ${smallest} points are what matters.`,
        ja: `${arm.ja}なら ${gain.ja} 上がりますが、${times === null ? '' : `準備の負担が ${times} 倍になり、`}意味のある差とした ${smallest} 点に届きません。`,
      }));
    }
    case 'cheapest-to-prepare':
      return renderCheapest(names(reason.arm), reason.seconds);
    case 'only-arm-left': {
      const arm = names(reason.arm);
      return {
        en: `${arm.en} is the only arm that meets all conditions.`,
        ja: `すべての条件を満たす案は${arm.ja}だけです。`,
      };
    }
    case 'single-arm': {
      const arm = names(reason.arm);
      return {
        en: `${arm.en} was measured alone: there is nothing to compare it with.`,
        ja: `測定した案は${arm.ja}だけで、比べる相手がありません。`,
      };
    }
    case 'takes-in-facts-in-time': {
      const arm = names(reason.arm);
      const [time, every] = [formatDuration(reason.seconds), formatEvery(reason.everyDays)];
      return {
        en: `Facts change every ${every.en}; ${arm.en} can answer from a new one after ${time.en} (it knew ${reason.known} of ${reason.asked}).`,
        ja: `事実は ${every.ja}ごとに変わります。${arm.ja}は、追加してから ${time.ja}で新しい事実をもとに答えられます（${reason.asked} 件中 ${reason.known} 件に正答）。`,
      };
    }
    case 'cannot-tell': {
      const smallest = formatPoints(reason.smallest);
      const more = renderNeeded(reason.neededRows);
      return fill(reason, names, ({ arm, against, gain }) => ({
        en: `Whether ${arm.en} is better than ${against.en} by the ${smallest} points that matter cannot be told: the difference is ${gain.en}.${more.en}`,
        ja: `${arm.ja}が${against.ja}を、意味のある差とした ${smallest} 点以上上回るかどうかは判断できません。差は ${gain.ja} です。${more.ja}`,
      }));
    }
    case 'not-shown-better': {
      const more = renderNeeded(reason.neededRows);
      return fill(reason, names, ({ arm, against, gain }) => ({
        en: `${arm.en} is not shown to be better than ${against.en}, which is cheaper to prepare: the difference is ${gain.en}.${more.en}`,
        ja: `${arm.ja}が、準備の負担が小さい${against.ja}より良いとは言えません。差は ${gain.ja} です。${more.ja}`,
      }));
    }
    case 'no-interval':
      return renderNoInterval(names(reason.arm), names(reason.against), reason.why);
    case 'judge-disagrees-with-people': {
      const [kappa, needed] = [reason.kappa.toFixed(2), reason.needed.toFixed(2)];
      return {
        en: `The judge model agrees too little with people (kappa ${kappa}, at least ${needed} is needed), so its scores decide nothing.`,
        ja: `判定モデルと人の採点の一致が低く（κ ${kappa}、${needed} 以上が必要）、その得点では判断できません。`,
      };
    }
    case 'preparation-not-measured': {
      const arm = names(reason.arm);
      return {
        en: `What it takes to prepare ${arm.en} was not measured, so it is not known which arm is cheaper.`,
        ja: `${arm.ja}の準備の負担が測定されていないため、どちらが軽く済むか判断できません。`,
      };
    }
  }
}

type Filled = { readonly arm: LocalisedText; readonly against: LocalisedText; readonly gain: LocalisedText };

function fill(
  reason: Parameters<typeof formatGain>[0] & { readonly arm: string; readonly against: string },
  names: ArmNames,
  render: (filled: Filled) => LocalisedText,
): LocalisedText {
  return render({ arm: names(reason.arm), against: names(reason.against), gain: formatGain(reason) });
}

function renderCheapest(arm: LocalisedText, seconds: number): LocalisedText {
  if (seconds === 0) {
    return { en: `${arm.en} needs no preparation.`, ja: `${arm.ja}は準備がいりません。` };
  }
  const time = formatDuration(seconds);
  return {
    en: `Of these, ${arm.en} is the cheapest to prepare (${time.en}).`,
    ja: `その中で準備の負担が最も小さいのは${arm.ja}です（${time.ja}）。`,
  };
}

function renderNeeded(rows: number | null): LocalisedText {
  if (rows === null) return { en: '', ja: '' };
  const count = formatNumber(roundUpCount(rows));
  return { en: ` About ${count} questions would be needed.`, ja: `判断には約 ${count} 問が必要です。` };
}

function renderNoInterval(arm: LocalisedText, against: LocalisedText, why: NoIntervalReason): LocalisedText {
  switch (why.kind) {
    case 'no-common-rows':
      return {
        en: `${arm.en} and ${against.en} have no question in common that both answered.`,
        ja: `${arm.ja}と${against.ja}が両方とも答えた質問がありません。`,
      };
    case 'no-variation':
      return {
        en: `${arm.en} and ${against.en} differ by the same amount everywhere, so no interval can be given.`,
        ja: `${arm.ja}と${against.ja}の差がすべて同じため、誤差の範囲を示せません。`,
      };
    case 'too-few-clusters':
      return {
        en: `The questions that compare ${arm.en} with ${against.en} come from ${why.clusters} passages or conversations; below ${why.needed} no interval can be given.`,
        ja: `${arm.ja}と${against.ja}を比べた質問の出所（文書や会話）は ${why.clusters} 件です。${why.needed} 件に満たないため、誤差の範囲を示せません。`,
      };
  }
}
