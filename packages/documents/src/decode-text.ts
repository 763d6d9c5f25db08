/** Encodings of Japanese text, as the names that TextDecoder takes. `shift_jis` is CP932 there, with its extensions. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'shift_jis' | 'euc-jp' | 'iso-2022-jp' | 'windows-1252';

/** Bytes that are looked at to tell an encoding; the rest of a long file is taken to be like its beginning. */
const sampleBytes = 256 * 1024;

/**
 * Decodes a text of unknown encoding: byte order mark, then UTF-16 and ISO-2022-JP by their shape, then strict UTF-8,
 * then what the file declares of itself if the bytes agree, then whichever of Shift_JIS and EUC-JP reads like Japanese.
 * Returns null where the bytes are no text at all.
 */
export function decodeText(bytes: Uint8Array, declared: string | null = null): string | null {
  const marked = readByteOrderMark(bytes);
  if (marked !== null) return rejectBinary(new TextDecoder(marked).decode(bytes));
  const sample = bytes.subarray(0, sampleBytes);
  const shaped = looksLikeUtf16(sample) ?? (looksLikeIso2022(sample) ? 'iso-2022-jp' : null);
  if (shaped !== null) return rejectBinary(new TextDecoder(shaped).decode(bytes));
  const unicode = decodeStrictly('utf-8', bytes);
  const trusted = trustDeclared(declared, sample);
  // A few words in EUC-JP may be valid UTF-8 by accident, but not Japanese.
  if (unicode !== null && (trusted === null || scoreJapanese(unicode) >= 0.5)) return rejectBinary(unicode);
  const encoding = trusted ?? detectLegacy(sample);
  return encoding === null ? null : rejectBinary(new TextDecoder(encoding).decode(bytes));
}

function readByteOrderMark(bytes: Uint8Array): TextEncoding | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return null;
}

function decodeStrictly(encoding: string, bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/**
 * UTF-16 without a mark: nearly every unit is a character that Japanese or Latin text is made of, and enough of them
 * are kana, ASCII or line ends. Shift_JIS read as UTF-16 gives kanji, but hardly any of those.
 */
function looksLikeUtf16(sample: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const units = Math.min(sample.length >> 1, 4096);
  if (units < 2) return null;
  for (const encoding of ['utf-16le', 'utf-16be'] as const) {
    const [low, high] = encoding === 'utf-16le' ? [0, 1] : [1, 0];
    let plausible = 0;
    let telling = 0;
    for (let index = 0; index < units; index++) {
      const unit = (sample[index * 2 + low] ?? 0) | ((sample[index * 2 + high] ?? 0) << 8);
      const isTelling =
        (unit >= 0x20 && unit < 0x7f) || unit === 0x0a || unit === 0x0d || (unit >= 0x3000 && unit < 0x3100);
      if (isTelling) telling++;
      if (isTelling || unit === 0x09 || (unit >= 0x4e00 && unit < 0xa000) || unit >= 0xff00 || isLatinUnit(unit))
        plausible++;
    }
    if (plausible >= units * 0.97 && telling >= units * 0.2) return encoding;
  }
  return null;
}

function isLatinUnit(unit: number): boolean {
  return (unit >= 0xa0 && unit < 0x250) || (unit >= 0x2010 && unit < 0x2700);
}

/** Seven bits throughout, and at least one escape that switches to a Japanese set. */
function looksLikeIso2022(sample: Uint8Array): boolean {
  let escapes = 0;
  for (let index = 0; index < sample.length; index++) {
    const byte = sample[index] ?? 0;
    if (byte >= 0x80 || byte === 0) return false;
    if (byte !== 0x1b) continue;
    const next = sample[index + 1];
    const set = sample[index + 2];
    // ESC $ @, ESC $ B, ESC ( I, ESC ( J
    if ((next === 0x24 && (set === 0x40 || set === 0x42)) || (next === 0x28 && (set === 0x49 || set === 0x4a)))
      escapes++;
  }
  return escapes > 0;
}

/** A declaration counts where the bytes agree with it. Pages that say `iso-8859-1` and mean something else are legion. */
function trustDeclared(declared: string | null, sample: Uint8Array): string | null {
  if (declared === null) return null;
  try {
    const { encoding } = new TextDecoder(declared);
    if (encoding === 'utf-8' || encoding.startsWith('utf-16') || encoding === 'replacement') return null;
    if (encoding === 'windows-1252' && detectLegacy(sample) !== 'windows-1252') return null;
    return decodeStrictly(encoding, dropCutCharacter(sample)) === null ? null : encoding;
  } catch {
    return null;
  }
}

function detectLegacy(sample: Uint8Array): TextEncoding | null {
  if (isDamagedUtf8(sample)) return 'utf-8';
  const candidates = (['shift_jis', 'euc-jp'] as const).map((encoding) => ({
    encoding,
    score: scoreJapanese(new TextDecoder(encoding).decode(dropCutCharacter(sample))),
  }));
  const best = candidates.reduce((left, right) => (right.score > left.score ? right : left));
  if (best.score >= 0.5) return best.encoding;
  return looksLatin(sample) ? 'windows-1252' : null;
}

/** UTF-8 with a few broken characters, as in logs that were cut. Other encodings read as UTF-8 break nearly everywhere. */
function isDamagedUtf8(sample: Uint8Array): boolean {
  const text = new TextDecoder('utf-8').decode(sample);
  let beyond = 0;
  let broken = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit >= 0x80) beyond++;
    if (unit === 0xfffd) broken++;
  }
  return beyond > 0 && broken <= beyond * 0.1;
}

/** The sample may end in the middle of a character; up to the last line end it does not. */
function dropCutCharacter(sample: Uint8Array): Uint8Array {
  if (sample.length < sampleBytes) return sample;
  const end = sample.lastIndexOf(0x0a);
  return end > sample.length / 2 ? sample.subarray(0, end) : sample.subarray(0, sample.length - 2);
}

/**
 * How far the characters beyond ASCII read like Japanese, from 0 (not at all) to 1. Kana count fully, kanji less, since the
 * wrong decoder gives kanji too; half-width kana count little, since EUC-JP read as Shift_JIS is full of them.
 */
function scoreJapanese(text: string): number {
  let total = 0;
  let points = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    total++;
    if (unit === 0xfffd) points -= 2;
    else if (unit >= 0x3000 && unit < 0x3100) points += 1;
    else if (unit >= 0x4e00 && unit < 0xa000) points += 0.75;
    else if (unit >= 0xff01 && unit < 0xff60) points += 0.9;
    else if (unit >= 0xff61 && unit < 0xffa0) points += 0.55;
    else if (unit >= 0x2010 && unit < 0x2700) points += 0.75;
    else if (unit >= 0xe000 && unit < 0xf900) points -= 0.5;
  }
  return total === 0 ? 0 : points / total;
}

/** Western text in one byte per character: letters beyond ASCII stand among many ASCII ones. */
function looksLatin(sample: Uint8Array): boolean {
  let beyond = 0;
  for (const byte of sample) {
    if (byte < 0x09 || (byte > 0x0d && byte < 0x20 && byte !== 0x1b)) return false;
    if (byte >= 0x80) beyond++;
  }
  return beyond <= sample.length * 0.4;
}

/** No text in any encoding: text has no NUL outside of UTF-16, and hardly another control character. */
export function looksBinary(bytes: Uint8Array): boolean {
  return rejectBinary(new TextDecoder('latin1').decode(bytes.subarray(0, sampleBytes))) === null;
}

/** Control characters beyond a stray few mean that the bytes were no text, whatever decoded them. */
function rejectBinary(text: string): string | null {
  const length = Math.min(text.length, sampleBytes);
  let controls = 0;
  for (let index = 0; index < length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x20 && (unit < 0x09 || unit > 0x0d) && unit !== 0x1b) controls++;
    else if (unit === 0xfffd) controls += 0.5;
  }
  return controls > Math.max(4, length * 0.02) ? null : text;
}
