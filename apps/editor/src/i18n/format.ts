import type { Language } from '../theme/appearance.ts';

const minute = 60_000;
const hour = 60 * minute;

/** A whole number with its separators: `2,846`. */
export function formatCount(count: number, language: Language): string {
  return new Intl.NumberFormat(language).format(count);
}

/** A loss: two digits behind the point, or as many as it takes to say three of a small one: `1.62`, `0.0431`. */
export function formatLoss(loss: number, language: Language): string {
  const options: Intl.NumberFormatOptions =
    loss !== 0 && Math.abs(loss) < 0.1
      ? { maximumSignificantDigits: 3 }
      : { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return new Intl.NumberFormat(language, options).format(loss);
}

/** A figure that may be very small, such as a learning rate: `2e-4`. */
export function formatSmall(value: number, language: Language): string {
  const options: Intl.NumberFormatOptions =
    value !== 0 && Math.abs(value) < 0.01
      ? { notation: 'scientific', maximumSignificantDigits: 3 }
      : { maximumSignificantDigits: 3 };
  return new Intl.NumberFormat(language, options).format(value).replace('E', 'e');
}

/** A length of time in the largest unit that says enough: `38 ms`, `3.6 秒`, `12 min`, `2.5 時間`. */
export function formatDuration(milliseconds: number, language: Language): string {
  const japanese = language === 'ja';
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < minute) {
    const seconds = milliseconds / 1_000;
    return `${seconds < 9.95 ? seconds.toFixed(1) : Math.round(seconds)} ${japanese ? '秒' : 's'}`;
  }
  if (milliseconds < hour) return `${Math.round(milliseconds / minute)} ${japanese ? '分' : 'min'}`;
  return `${(milliseconds / hour).toFixed(1)} ${japanese ? '時間' : 'h'}`;
}

/** A size in decimal units, as sizes of files are told: `4.4 GB`. */
export function formatBytes(bytes: number, language: Language): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;
  let value = bytes;
  let unit: (typeof units)[number] = 'B';
  for (const next of units) {
    unit = next;
    if (value < 1_000 || next === 'TB') break;
    value /= 1_000;
  }
  const digits = unit === 'B' || value >= 100 ? 0 : 1;
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value)} ${unit}`;
}

/** The time of day of today's dates, else day and time: `10:42`, `11/22 18:04`. */
export function formatTime(time: string | number | Date, language: Language, now = new Date()): string {
  const date = new Date(time);
  const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    date,
  );
  if (date.toDateString() === now.toDateString()) return clock;
  const day = new Intl.DateTimeFormat(
    language,
    language === 'ja' ? { month: 'numeric', day: 'numeric' } : { month: 'short', day: 'numeric' },
  ).format(date);
  return `${day} ${clock}`;
}

/** Weekday, day and time as the clocks of a time zone (IANA name) show them: `12/1(火) 03:00`, `Tue, Dec 1, 03:00`. */
export function formatTimeIn(time: string, language: Language, timeZone: string): string {
  return new Intl.DateTimeFormat(language, {
    timeZone,
    weekday: 'short',
    month: language === 'ja' ? 'numeric' : 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(time));
}
