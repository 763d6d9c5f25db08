import type { LocalisedText } from '../metrics/metric.ts';
import type { DecisionOutcome, Exclusion, Missing, WouldChange } from './decision.ts';
import { formatDuration, formatEvery, formatMoney, formatPoints } from './format-figures.ts';
import { secondsPerDay } from './limits.ts';
import type { ArmNames } from './reason-sentences.ts';

const latencies = {
  firstToken: { en: 'the first token', ja: '最初のトークン' },
  total: { en: 'the whole answer', ja: '回答の全文' },
} as const;

const budgets = {
  preparation: { en: 'preparation', ja: '準備' },
  monthly: { en: 'a month', ja: '1 か月' },
} as const;

export function renderExclusion(exclusion: Exclusion, names: ArmNames): LocalisedText {
  const arm = names(exclusion.arm);
  switch (exclusion.code) {
    case 'not-measured':
      return {
        en: `${arm.en} has no value of the metric that decides.`,
        ja: `${arm.ja}には、判断に使う指標の値がありません。`,
      };
    case 'fails-often': {
      const limit = formatPoints(exclusion.limit);
      return {
        en: `${arm.en} gave no answer in ${exclusion.failed} of ${exclusion.asked} cases; ${limit}% are allowed.`,
        ja: `${arm.ja}は ${exclusion.asked} 回のうち ${exclusion.failed} 回、回答に失敗しました（許容は ${limit}%）。`,
      };
    }
    case 'too-slow': {
      const of = latencies[exclusion.of];
      const [p95, limit] = [formatDuration(exclusion.p95), formatDuration(exclusion.limit)];
      return {
        en: `${arm.en} is too slow: ${of.en} takes ${p95.en} in the slowest twentieth, and ${limit.en} are tolerable.`,
        ja: `${arm.ja}は応答が遅すぎます。${of.ja}が届くまでの時間の 95 パーセンタイルが ${p95.ja}で、許容の ${limit.ja}を超えます。`,
      };
    }
    case 'preparation-over-budget':
    case 'running-over-budget': {
      const of = budgets[exclusion.code === 'preparation-over-budget' ? 'preparation' : 'monthly'];
      const [cost, limit] = [exclusion.cost, exclusion.limit].map((sum) => formatMoney(sum, exclusion.currency));
      return {
        en: `${arm.en} is over budget: ${cost} for ${of.en}, and ${limit} are there.`,
        ja: `${arm.ja}は予算を超えます。${of.ja}に ${cost} かかり、予算は ${limit} です。`,
      };
    }
    case 'no-way-in-for-facts': {
      const every = formatEvery(exclusion.everyDays);
      return {
        en: `Facts change every ${every.en}, and ${arm.en} has no way to learn of them.`,
        ja: `事実は ${every.ja}ごとに変わりますが、${arm.ja}には取り込む手段がありません。`,
      };
    }
    case 'facts-change-faster': {
      const [every, time] = [formatEvery(exclusion.everyDays), formatDuration(exclusion.seconds)];
      return {
        en: `Facts change every ${every.en}, and ${arm.en} takes ${time.en} to ${exclusion.retrains ? 'be retrained' : 'take one in'}.`,
        ja: `事実は ${every.ja}ごとに変わりますが、${arm.ja}の${exclusion.retrains ? '再学習' : '取り込み'}には ${time.ja}かかります。`,
      };
    }
    case 'does-not-learn-facts':
      return {
        en: `${arm.en} knew ${exclusion.known} of ${exclusion.asked} facts that were added.`,
        ja: `${arm.ja}は、追加した ${exclusion.asked} 件の事実のうち ${exclusion.known} 件しか答えられませんでした。`,
      };
  }
}

export function renderWouldChange(change: WouldChange, names: ArmNames): LocalisedText {
  const condition = renderCondition(change);
  const outcome = renderOutcome(change.outcome, names);
  const [first = '', ...rest] = outcome.en;
  return { en: `${condition.en}, ${first.toLowerCase()}${rest.join('')}`, ja: `${condition.ja}、${outcome.ja}` };
}

function renderCondition(change: WouldChange): LocalisedText {
  switch (change.code) {
    case 'facts-change-more-often': {
      if (change.everyDays === 'at-all') return { en: 'If facts change', ja: '事実が変わるなら' };
      const every = formatDuration(change.everyDays * secondsPerDay);
      return {
        en: `If facts change more often than every ${every.en}`,
        ja: `事実が ${every.ja}より短い間隔で変わるなら`,
      };
    }
    case 'facts-change-less-often': {
      if (change.everyDays === 'never') return { en: 'If facts never change', ja: '事実が変わらないなら' };
      const every = formatDuration(change.everyDays * secondsPerDay);
      return { en: `If facts change at most every ${every.en}`, ja: `事実の変わる間隔が ${every.ja}以上なら` };
    }
    case 'latency-limit-lower':
    case 'latency-limit-higher': {
      const [of, time] = [latencies[change.of], formatDuration(change.seconds)];
      return change.code === 'latency-limit-lower'
        ? {
            en: `If ${of.en} has to be there in less than ${time.en}`,
            ja: `${of.ja}が ${time.ja}未満で届く必要があるなら`,
          }
        : { en: `If ${of.en} may take ${time.en}`, ja: `${of.ja}が届くまでに ${time.ja}かかってもよいなら` };
    }
    case 'budget-lower':
    case 'budget-higher': {
      const [of, sum] = [budgets[change.of], formatMoney(change.amount, change.currency)];
      return change.code === 'budget-lower'
        ? { en: `If less than ${sum} are there for ${of.en}`, ja: `${of.ja}の予算が ${sum} を下回るなら` }
        : { en: `If ${sum} are there for ${of.en}`, ja: `${of.ja}に ${sum} かけられるなら` };
    }
    case 'smaller-differences-matter': {
      const points = formatPoints(change.smallest);
      return { en: `If ${points} points already matter`, ja: `${points} 点の差にも意味があるなら` };
    }
    case 'larger-differences-matter': {
      const points = formatPoints(change.smallest);
      return { en: `If only more than ${points} points matter`, ja: `${points} 点を超える差にだけ意味があるなら` };
    }
  }
}

export function renderOutcome(outcome: DecisionOutcome, names: ArmNames): LocalisedText {
  switch (outcome.kind) {
    case 'recommended': {
      const arm = names(outcome.arm);
      return { en: `${arm.en} is recommended.`, ja: `${arm.ja}をおすすめします。` };
    }
    case 'no-arm-fits':
      return { en: 'No arm meets all conditions.', ja: 'すべての条件を満たす案はありません。' };
    case 'not-enough-evidence': {
      const arms = outcome.between.map(names);
      if (arms.length < 2) {
        return { en: 'There is not enough evidence to recommend an arm.', ja: '判断できるだけの根拠がありません。' };
      }
      const en = new Intl.ListFormat('en').format(arms.map((arm) => arm.en));
      const ja = arms.map((arm) => arm.ja).join(arms.length === 2 ? 'と' : '');
      return {
        en: `There is not enough evidence to choose between ${en}.`,
        ja: `${ja}の${arms.length === 2 ? 'どちら' : 'どれ'}が良いか、判断できるだけの根拠がありません。`,
      };
    }
  }
}

const parts = {
  cpuHour: { en: 'an hour of CPU', ja: 'CPU（1 時間）' },
  gpuHour: { en: 'an hour of GPU', ja: 'GPU（1 時間）' },
  kilowattHour: { en: 'a kilowatt-hour', ja: '電力（1 kWh）' },
  millionTokensIn: { en: 'a million tokens in', ja: '入力（100 万トークン）' },
  millionTokensOut: { en: 'a million tokens out', ja: '出力（100 万トークン）' },
} as const;

export function renderMissing(missing: Missing, names: ArmNames): LocalisedText {
  switch (missing.code) {
    case 'facts-change':
      return { en: 'How often facts change was not answered.', ja: '事実が変わる頻度が未回答です。' };
    case 'latency-limit':
      return { en: 'What latency is tolerable was not answered.', ja: '許容できる応答時間が未回答です。' };
    case 'budget':
      return { en: 'The budget was not answered.', ja: '予算が未回答です。' };
    case 'questions-per-month':
      return {
        en: 'How many questions a month are expected was not answered, so the monthly budget was not applied.',
        ja: '1 か月の質問数が未回答のため、月の予算は判断に使っていません。',
      };
    case 'prices': {
      const en = new Intl.ListFormat('en').format(missing.of.map((part) => parts[part].en));
      const ja = missing.of.map((part) => parts[part].ja).join('、');
      return {
        en: `No price was entered for ${en}, so these count as free.`,
        ja: `${ja}の単価が未入力のため、0 として計算しています。`,
      };
    }
    case 'smallest-difference': {
      const points = formatPoints(missing.taken);
      return {
        en: `The smallest difference that matters was not answered; ${points} points were taken.`,
        ja: `意味のある差の大きさが未回答のため、${points} 点としました。`,
      };
    }
    case 'latency-not-measured': {
      const arm = names(missing.arm);
      return {
        en: `The latency of ${arm.en} is known of ${missing.answers} answers only; ${missing.needed} are needed to apply the limit.`,
        ja: `${arm.ja}の応答時間は ${missing.answers} 件しか測れていません。上限の判断には ${missing.needed} 件必要です。`,
      };
    }
    case 'new-facts-not-measured': {
      const arm = names(missing.arm);
      return {
        en: `How ${arm.en} takes in new facts was not measured.`,
        ja: `${arm.ja}が新しい事実を取り込めるかどうかは測定していません。`,
      };
    }
    case 'resources-not-measured': {
      const arm = names(missing.arm);
      return {
        en: `What ${arm.en} costs could not be computed: what has a price was not all measured.`,
        ja: `${arm.ja}の費用は計算できません。単価のある項目に、測定されていないものがあります。`,
      };
    }
    case 'human-labels':
      return {
        en: `A judge model gave the scores; ${missing.labels} labels of people are too few to say how far it can be trusted (${missing.needed} are needed).`,
        ja: `得点は判定モデルによるものです。人の採点が ${missing.labels} 件と少なく、どこまで信頼できるか確かめられません（${missing.needed} 件必要）。`,
      };
  }
}
