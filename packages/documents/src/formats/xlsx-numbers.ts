import { walkXml } from '../xml.ts';

/** What a number means, as far as a text cares. */
export type NumberFormat = 'general' | 'percent' | 'date' | 'time' | 'date-time';

/** Formats that every Excel has (ECMA-376 part 1, 18.8.30), those of the Japanese edition included. */
const builtInFormats: ReadonlyMap<number, NumberFormat> = new Map([
  ...[9, 10].map((id) => [id, 'percent'] as const),
  ...[14, 15, 16, 17, 27, 28, 29, 30, 31, 34, 35, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58].map(
    (id) => [id, 'date'] as const,
  ),
  ...[18, 19, 20, 21, 32, 33, 45, 46, 47].map((id) => [id, 'time'] as const),
  [22, 'date-time'],
]);

/** Formats by the style number that cells carry. */
export function readNumberFormats(stylesXml: string): readonly NumberFormat[] {
  const custom = new Map<number, NumberFormat>();
  const formats: NumberFormat[] = [];
  let inCellFormats = false;
  walkXml(stylesXml, {
    open(name, attributes) {
      const id = Number(attributes.numFmtId ?? 0);
      if (name === 'numFmt') custom.set(id, classifyFormat(attributes.formatCode ?? ''));
      else if (name === 'cellXfs') inCellFormats = true;
      else if (name === 'xf' && inCellFormats) formats.push(custom.get(id) ?? builtInFormats.get(id) ?? 'general');
    },
    close(name) {
      if (name === 'cellXfs') inCellFormats = false;
    },
  });
  return formats;
}

function classifyFormat(code: string): NumberFormat {
  // Texts in quotes, escaped characters, colours and locales say nothing of the kind of number.
  const bare = code.replace(/"[^"]*"|\\.|\[[^\]]*\]/g, '').toLowerCase();
  const hasDate = /[yd]|[ge]{1,2}(?=.*m)/.test(bare);
  const hasTime = /[hs]/.test(bare);
  if (hasDate) return hasTime ? 'date-time' : 'date';
  if (hasTime) return 'time';
  return bare.includes('%') ? 'percent' : 'general';
}

const dayMilliseconds = 86_400_000;

/** A cell's number as people read it: dates as 2026-11-23, without the noise of binary fractions. */
export function formatNumber(value: string, format: NumberFormat, from1904: boolean): string {
  const number = Number(value);
  if (value === '' || !Number.isFinite(number)) return value;
  if (format === 'percent') return `${trimNoise(number * 100)}%`;
  if (format === 'general' || number < 0 || number > 2_958_465) return trimNoise(number);
  // Day 60 is the 29th of February 1900, which there never was.
  const days = from1904 ? number + 1462 : number < 60 ? number + 1 : number;
  const moment = new Date(Math.round(((days - 25_569) * dayMilliseconds) / 1000) * 1000).toISOString();
  const time = moment.slice(11, moment.endsWith('00.000Z') ? 16 : 19);
  if (format === 'time') return time;
  return format === 'date' ? moment.slice(0, 10) : `${moment.slice(0, 10)} ${time}`;
}

function trimNoise(number: number): string {
  return String(Number(number.toPrecision(15)));
}
