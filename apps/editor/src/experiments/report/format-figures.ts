import type { Interval, ReportMetric } from '../../api/experiments.ts';
import { formatBytes, formatCount, formatDuration } from '../../i18n/format.ts';
import type { Language } from '../../theme/appearance.ts';

type Unit = Pick<ReportMetric, 'unit'>;

function formatDecimal(value: number, language: Language, options: Intl.NumberFormatOptions = {}): string {
  return new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1, ...options })
    .format(value)
    .replace('-', '−');
}

/** A value of a metric: shares are told of a hundred, so that differences are points: `68.2`. */
export function formatScore(value: number, { unit }: Unit, language: Language): string {
  switch (unit) {
    case 'share':
      return formatDecimal(value * 100, language);
    case 'seconds':
      return formatDuration(value * 1_000, language);
    case 'tokens':
      return formatCount(Math.round(value), language);
    case 'bytes':
      return formatBytes(value, language);
  }
}

/** A difference with its sign: `+37.0`, `−3.2`. */
export function formatDifference(value: number, metric: Unit, language: Language): string {
  if (metric.unit === 'share') return formatDecimal(value * 100, language, { signDisplay: 'exceptZero' });
  const sign = value === 0 ? '' : value > 0 ? '+' : '−';
  return `${sign}${formatScore(Math.abs(value), metric, language)}`;
}

type Ends = Extract<Interval, { kind: 'interval' }>;

/** `[63.1, 73.4]`; null where there is none. */
export function formatInterval(interval: Interval, metric: Unit, language: Language): string | null {
  if (interval.kind !== 'interval') return null;
  return `[${formatScore(interval.low, metric, language)}, ${formatScore(interval.high, metric, language)}]`;
}

export function readEnds(interval: Interval): Ends | null {
  return interval.kind === 'interval' ? interval : null;
}

/** `< 0.001`, or three digits behind the point. */
export function formatProbability(probability: number, language: Language): string {
  if (probability < 0.001) return '< 0.001';
  return formatDecimal(probability, language, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
}

/** An amount of money, with as many digits as it takes to tell small ones apart. */
export function formatMoney(amount: number, currency: string | null, language: Language): string {
  const digits = amount !== 0 && Math.abs(amount) < 10 ? 2 : 0;
  const number = formatDecimal(amount, language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return currency === null ? number : `${number} ${currency}`;
}

/** Where a value lies on the way from one end to the other, 0…1. */
export function placeOn(value: number, low: number, high: number): number {
  return high === low ? 0.5 : Math.min(1, Math.max(0, (value - low) / (high - low)));
}
