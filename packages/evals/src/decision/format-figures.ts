import type { LocalisedText } from '../metrics/metric.ts';
import type { Gain } from './decision.ts';
import { secondsPerDay } from './limits.ts';

/** A share as points of 100, with a digit after the point below ten. */
export function formatPoints(share: number): string {
  const points = share * 100;
  const rounded = Math.abs(points) < 9.95 ? Math.round(points * 10) / 10 : Math.round(points);
  // Minus zero is zero.
  return String(rounded + 0).replace('-', '−');
}

/** "4 points [1, 7]" */
export function formatGain({ gain, low, high }: Omit<Gain, 'arm' | 'against'>): LocalisedText {
  const range = `[${formatPoints(low)}, ${formatPoints(high)}]`;
  return { en: `${formatPoints(gain)} points ${range}`, ja: `${formatPoints(gain)} 点 ${range}` };
}

const durations: readonly (readonly [seconds: number, en: string, ja: string])[] = [
  [secondsPerDay, 'days', '日'],
  [3_600, 'hours', '時間'],
  [60, 'minutes', '分'],
  [1, 'seconds', '秒'],
];

/** In the largest unit of which there are two or more, or else seconds. */
export function formatDuration(seconds: number): LocalisedText {
  const [unit, en, ja] = durations.find(([size]) => seconds >= 2 * size) ?? [1, 'seconds', '秒'];
  const amount = formatNumber(seconds / unit);
  return { en: `${amount} ${amount === '1' ? en.slice(0, -1) : en}`, ja: `${amount} ${ja}` };
}

/** How often something comes: "day", "7 days". */
export function formatEvery(days: number): LocalisedText {
  const amount = formatNumber(days);
  return { en: amount === '1' ? 'day' : `${amount} days`, ja: `${amount} 日` };
}

/** Two figures below ten, three above. */
export function formatNumber(value: number): string {
  return new Intl.NumberFormat('en', { maximumSignificantDigits: Math.abs(value) < 10 ? 2 : 3 }).format(value);
}

/** Amounts of money, whole from 100 on; the currency as it was entered. */
export function formatMoney(amount: number, currency: string): string {
  const digits = Math.abs(amount) < 100 ? 2 : 0;
  return `${new Intl.NumberFormat('en', { maximumFractionDigits: digits }).format(amount)} ${currency}`;
}

/** "about 400": two figures, rounded up, as a count of questions is a plan and not a result. */
export function roundUpCount(count: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 1);
  return Math.ceil(count / step) * step;
}
