const plainTime =
  /^(\d{4})[-/年.](\d{1,2})[-/月.](\d{1,2})日?(?:[T\s　]+(\d{1,2})[:時](\d{1,2})(?:[:分](\d{1,2})(?:[.,]\d+)?秒?|分)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;

/** Below this, a number is no date but seconds since the conversation began, which say nothing of when it was held. */
const firstMoment = 100_000_000;

/**
 * A time as people and programs write it, in ISO 8601 with the offset `zone` (`+09:00`): dates with or without zone,
 * where it is missing `zone` counts, and seconds or milliseconds since 1970. Null for anything else.
 */
export function readTime(value: unknown, zone: string): string | null {
  if (typeof value === 'number') return readEpoch(value, zone);
  if (typeof value !== 'string') return null;
  const text = value.trim();
  if (/^\d+(?:\.\d+)?$/.test(text)) return readEpoch(Number(text), zone);
  const match = plainTime.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour = '0', minute = '0', second = '0', offset] = match;
  const utc = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  return formatTime(utc - readOffset(offset ?? zone), zone);
}

function readEpoch(value: number, zone: string): string | null {
  if (!Number.isFinite(value) || value < firstMoment) return null;
  return formatTime(value < firstMoment * 1_000 ? value * 1_000 : value, zone);
}

function readOffset(offset: string): number {
  if (/^z$/i.test(offset)) return 0;
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(offset) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

function formatTime(milliseconds: number, zone: string): string | null {
  const local = new Date(milliseconds + readOffset(zone));
  return Number.isNaN(local.getTime()) ? null : `${local.toISOString().slice(0, 19)}${zone}`;
}
