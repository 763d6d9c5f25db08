import type { FoundSpan } from './found-span.ts';

/** A number that something else was given: then its digits are nobody's. Directly in front of it. */
const otherNumber =
  /(?:注文|受注|発注|伝票|会員|顧客|予約|整理|受付|管理|追跡|照会|問い?合わ?せ|お客様|契約|商品|製品|品|型|請求書?|見積書?|申込|案件|チケット|シリアル|ロット|口座|order|invoice|tracking|ticket|item|product|serial|booking|reservation|case|lot|isbn|jan)\s*(?:番号|コード|no\.?|number|id|#)\s*(?:は|が|:|=|#|"|「|\s){0,4}$/i;
const idMark = /(?:\bno\.?|\bid|isbn|[#№])\s*[:=]?\s*$/i;
const phoneMark = /(?:電話|携帯|tel|phone|fax|ファックス|連絡先|mobile|☎|📞)[^\d\n]{0,12}$/i;
const lookBack = 32;

/** Whether what stands in front says that the digits are an order's, a parcel's, a product's. */
function isOtherNumber(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - lookBack), start);
  return (otherNumber.test(before) || idMark.test(before)) && !phoneMark.test(before);
}

const cardShape = /(?<![\d.+-])\d(?:[ -]?\d){12,18}(?![\d]|-\d)/g;

/** Card numbers: the lengths and first digits of the big brands, and the check digit of Luhn (ISO/IEC 7812-1). `text` is folded. */
export function findCards(text: string): readonly FoundSpan[] {
  return findDigits(text, cardShape, 'card', (digits) => isCardShape(digits) && hasLuhnDigit(digits));
}

function isCardShape(digits: string): boolean {
  const { length } = digits;
  if (/^4/.test(digits)) return length === 13 || length === 16 || length === 19;
  if (/^(?:5[1-5]|2[2-7]|35)/.test(digits)) return length === 16;
  if (/^3[47]/.test(digits)) return length === 15;
  if (/^3[068]/.test(digits)) return length === 14;
  return /^6/.test(digits) && length >= 16;
}

export function hasLuhnDigit(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place]);
    const doubled = place % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

const myNumberShape = /(?<![\d.+-])\d(?:[ -]?\d){11}(?![\d]|-\d)/g;

/** My Number (個人番号): twelve digits, of which the last checks the others (平成26年総務省令第85号, Article 5). `text` is folded. */
export function findMyNumbers(text: string): readonly FoundSpan[] {
  return findDigits(text, myNumberShape, 'myNumber', hasMyNumberDigit);
}

export function hasMyNumberDigit(digits: string): boolean {
  let sum = 0;
  for (let place = 1; place <= 11; place++) sum += Number(digits[11 - place]) * (place <= 6 ? place + 1 : place - 5);
  const rest = sum % 11;
  return Number(digits[11]) === (rest <= 1 ? 0 : 11 - rest);
}

function findDigits(
  text: string,
  shape: RegExp,
  kind: 'card' | 'myNumber',
  isOne: (digits: string) => boolean,
): readonly FoundSpan[] {
  return [...text.matchAll(shape)].flatMap(({ 0: match, index }) => {
    const digits = match.replace(/\D/g, '');
    if (!isOne(digits) || isOtherNumber(text, index)) return [];
    return [{ kind, start: index, end: index + match.length, identity: digits }];
  });
}

/** Japanese numbers: groups parted by hyphens, blanks, dots or brackets, from 0 or +81. Checked by `readPhone`. */
const groupedPhone =
  /(?<![\dA-Za-z_/.#-]|[\d-] )(?:\+81[ -]?(?:\(0\)[ -]?)?|0|\(0)\d{1,4}(?:[ -]|\. ?|\) ?| ?\()\d{1,4}(?:[ -]|\.|\) ?)\d{3,4}(?!\d|[-/.]\d|[a-z_])/gi;
const internationalPhone = /(?<![\d+])\+81[ -]?(?:\(0\)[ -]?)?\d{1,4}(?:[ -]?\d{1,4}){1,3}(?!\d|[-/.]\d)/g;
const plainPhone = /(?<![\dA-Za-z_/.#,-])0\d{9,10}(?!\d|[-/.,]\d|[a-z_])/gi;

/** Telephone numbers of Japan: landline, mobile, IP, free and special dial, with separators or without. `text` is folded. */
export function findPhones(text: string): readonly FoundSpan[] {
  const spans = new Map<number, FoundSpan>();
  for (const shape of [internationalPhone, groupedPhone, plainPhone]) {
    for (const { 0: match, index } of text.matchAll(shape)) {
      const digits = readPhone(match);
      if (digits === null || isOtherNumber(text, index)) continue;
      const end = index + match.length;
      if ([...spans.values()].some((span) => span.start < end && index < span.end)) continue;
      spans.set(index, { kind: 'phone', start: index, end, identity: digits });
    }
  }
  return [...spans.values()];
}

/** National digits of what may be a number, or null: ten, or eleven after 0x0 (mobile, IP, M2M) and 0800 (総務省, 電気通信番号計画). */
function readPhone(match: string): string | null {
  const digits = match.startsWith('+81')
    ? `0${match.slice(3).replace(/\(0\)/, '').replace(/\D/g, '')}`
    : match.replace(/\D/g, '');
  if (/^0[5-9]0[1-9]\d{7}$/.test(digits)) return digits;
  if (/^0800\d{7}$/.test(digits)) return digits;
  if (/^0[1-9]\d{8}$/.test(digits) && !/^0[5-9]0/.test(digits)) return digits;
  return null;
}
