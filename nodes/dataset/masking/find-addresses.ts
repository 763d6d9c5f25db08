import type { FoundSpan } from './found-span.ts';

const prefecture =
  '(?:北海道|東京都|京都府|大阪府|(?:青森|岩手|宮城|秋田|山形|福島|茨城|栃木|群馬|埼玉|千葉|神奈川|新潟|富山|石川|福井|山梨|長野|岐阜|静岡|愛知|三重|滋賀|兵庫|奈良|和歌山|鳥取|島根|岡山|広島|山口|徳島|香川|愛媛|高知|福岡|佐賀|長崎|熊本|大分|宮崎|鹿児島|沖縄)県)';
const letter = '[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}ーヶケ]';
/** Cities whose names are written in kana, wholly or in part. */
const kanaCity =
  '(?:さいたま|つくばみらい|つくば|いわき|ひたちなか|かすみがうら|つがる|むつ|にかほ|みどり|さくら|ふじみ野|あわら|かほく|南アルプス|あま|みよし|いなべ|さぬき|東かがわ|うきは|みやま|えびの|いちき串木野|うるま|せたな|いの|おおい|にかほ)';
/** Han only, from where they begin, so that the sentence in front stays out. */
const city = `(?:${kanaCity}|(?<!\\p{sc=Han})\\p{sc=Han}{1,5}?)`;
const figures = '(?:\\d{1,5}|[〇一二三四五六七八九十百]{1,5})';
/** 一丁目2番3号, 2丁目3-4, 123番地4, 1-2-3 */
const block = `(?:${figures}丁目(?: ?${figures}(?:番地?|-)?(?:の?${figures}号?(?:-\\d{1,4})?)?)?|${figures}番地?(?:の?${figures}号?)?|\\d{1,5}-\\d{1,5}(?:-\\d{1,5}){0,2})(?:号|番地)?`;
const named = '[\\p{sc=Han}\\p{sc=Katakana}A-Za-zー・の]';
const houseKinds = '(?:ビル|マンション|ハイツ|コーポ|アパート|荘|レジデンス|タワー|ハウス|メゾン|ヒルズ|棟)';
/** A house behind the block: a room by its number, a name that ends like a house’s, or a name in katakana with a number. */
const house = `(?: ?${named}{0,20} ?[A-Za-z]?\\d{1,4}(?:号室|室|階|F)| ?${named}{1,20}${houseKinds}(?: ?[A-Za-z]?\\d{1,4})?| [\\p{sc=Katakana}A-Za-zー]{2,20} ?\\d{2,4})?`;
/** Figures that count something are no house’s: 市内で2-3日. */
const counts =
  '(?![-\\d]|:\\d| ?(?:日|月|年|時|分|秒|人|名|泊|回|個|件|円|週|か月|ヶ月|歳|才|点|位|度|割|本|枚|台|杯|部屋|km|m|%))';

const shapes = [
  `${prefecture}${letter}{1,12}?[市区郡町村島]${letter}{0,24}? ?${block}${counts}${house}`,
  `${city}[市郡]${letter}{1,20}? ?${block}${counts}${house}`,
  `(?<!\\p{sc=Han})\\p{sc=Han}{1,4}?区${letter}{1,20}? ?${block}${counts}${house}`,
].map((shape) => new RegExp(shape, 'gu'));

/** What follows a city’s name in a sentence rather than in an address. */
const sentence =
  /[市区郡](?:で|に|は|を|へ|から|まで|より|も|の方|として|について|です|内|外|役所|民|営|街地|場|間|分)/;

const postalShape = /(?:〒 ?\d{3}-?\d{4}|(?<![\d-])\d{3}-?\d{4})(?!\d|-\d)/g;
const postalMark = /(?:郵便番号|〒|zip|postal)[^\d\n]{0,8}$/i;
const addressMark = /住所[^\d\n]{0,4}$/;
const addressNext = new RegExp(`^[\\s)）]{0,3}(?:${prefecture}|${city}[市郡]|\\p{sc=Han}{1,4}区)`, 'u');

/**
 * Postal addresses of Japan as far as a house: prefecture, city or ward, then a block (丁目, 番地, 1-2-3), and a house behind
 * it; and postal codes that are marked as such or stand before one. A place without a number is nobody's address. `text`
 * is folded.
 */
export function findAddresses(text: string): readonly FoundSpan[] {
  const spans: FoundSpan[] = [];
  for (const { 0: match, index } of text.matchAll(postalShape)) {
    const end = index + match.length;
    if (isPostalCode(text, match, index))
      spans.push({ kind: 'address', start: index, end, identity: match.replace(/\D/g, '') });
  }
  for (const shape of shapes) {
    for (const { 0: match, index } of text.matchAll(shape)) {
      const end = index + match.length;
      if (sentence.test(match) || spans.some((span) => span.start < end && index < span.end)) continue;
      spans.push({ kind: 'address', start: index, end, identity: match.replace(/\s/g, '') });
    }
  }
  return spans;
}

function isPostalCode(text: string, match: string, index: number): boolean {
  if (match.startsWith('〒')) return true;
  const before = text.slice(Math.max(0, index - 16), index);
  if (postalMark.test(before)) return true;
  const isBeforeAddress = addressNext.test(text.slice(index + match.length, index + match.length + 24));
  return isBeforeAddress || (match.includes('-') && addressMark.test(before));
}
