/** A part of a text by its offsets in UTF-16 code units: `text.slice(start, end)`. */
export type Span = { readonly start: number; readonly end: number };

/** A line that is one thing: a row of a table, an item of a list, a Markdown heading. It is no sentence, and is kept whole. */
const tableRow = /^\s*\||\S \| \S|\t/;
const listItem = /^\s*(?:[-*+•・●○■□◆◇▪–]\s?|\d{1,3}[.)．）]\s?|[（(]\d{1,3}[)）]|[①-⑳㈠-㈩]|#{1,6}\s)/u;

const openers = '「『（(【〔《〈“[';
const closers = '」』）)】〕》〉”]’"\'';
const enders = '。｡！？!?.．';
/** What goes on after a quotation: 「はい。」と答えた, 「開始」を押す. */
const goesOnAfterQuote = /[とっはがをにのもでへや、,]/u;
/** Past this, an opening bracket without its pair no longer holds a sentence together. */
const longestBracket = 300;
const abbreviation = /(?:^|[\s(])(?:[A-Z]|e\.g|i\.e|cf|vs|etc|Mr|Mrs|Ms|Dr|Prof|No|Fig|Vol|pp?|St|Inc|Ltd|Co)$/;

/**
 * Sentences of one paragraph, in order, without the white space between them. Ends at 。！？ and their like together with
 * the brackets that close after them; not within a quotation, a number (3.5), an address (example.com/?q=) or after an
 * abbreviation. A line end alone ends nothing but list items and table rows: plain text is often wrapped by hand.
 */
export function findSentences(text: string, { start, end }: Span): Span[] {
  const sentences: Span[] = [];
  let from = start;
  let previousIsWhole = true;
  for (const line of findLines(text, start, end)) {
    const content = text.slice(line.start, Math.min(line.end, line.start + 400));
    const isWhole = tableRow.test(content) || listItem.test(content);
    // What was wrapped goes on in this line, unless either of the two is whole; an indented line belongs to its item.
    if (isWhole || (previousIsWhole && !/^\s/.test(content))) {
      pushTrimmed(sentences, text, from, line.start);
      from = line.start;
    }
    if (!isWhole) {
      for (const stop of findStops(text, line)) {
        pushTrimmed(sentences, text, from, stop);
        from = stop;
      }
    }
    previousIsWhole = isWhole;
  }
  pushTrimmed(sentences, text, from, end);
  return sentences;
}

function* findLines(text: string, start: number, end: number): Generator<Span> {
  let from = start;
  while (from < end) {
    const lineEnd = text.indexOf('\n', from);
    const to = lineEnd < 0 || lineEnd > end ? end : lineEnd;
    yield { start: from, end: to };
    from = to + 1;
  }
}

/** Offsets behind the marks that end a sentence within one line. */
function* findStops(text: string, { start, end }: Span): Generator<number> {
  let depth = 0;
  let openedAt = start;
  for (let at = start; at < end; at++) {
    const character = text.charAt(at);
    if (openers.includes(character)) {
      if (depth === 0) openedAt = at;
      depth++;
    } else if (closers.includes(character)) {
      depth = Math.max(0, depth - 1);
    } else if (enders.includes(character)) {
      let stop = at + 1;
      while (stop < end && enders.includes(text.charAt(stop))) stop++;
      let innermost = '';
      while (stop < end && closers.includes(text.charAt(stop))) {
        innermost = text.charAt(stop);
        depth = Math.max(0, depth - 1);
        stop++;
      }
      const isHeld = depth > 0 && stop - openedAt < longestBracket;
      if (!isHeld && endsSentence(text, at, stop, end, innermost !== '')) {
        depth = 0;
        yield stop;
      }
      at = stop - 1;
    }
  }
}

function endsSentence(text: string, at: number, stop: number, end: number, afterBracket: boolean): boolean {
  const mark = text.charAt(stop - 1 - (afterBracket ? 1 : 0));
  const next = stop < end ? text.charAt(stop) : '\n';
  if (afterBracket && goesOnAfterQuote.test(next)) return false;
  if ('。｡！？'.includes(text.charAt(at)) || '。｡！？'.includes(mark)) return true;
  if (text.charAt(at) === '．') return !/[0-9０-９]/.test(next);
  if (!/\s/.test(next)) return '!?'.includes(text.charAt(at)) && /[\u3040-\u9fff]/.test(next);
  return text.charAt(at) !== '.' || stop - at > 1 || !abbreviation.test(text.slice(Math.max(0, at - 6), at));
}

function pushTrimmed(spans: Span[], text: string, start: number, end: number): void {
  let from = start;
  let to = end;
  while (from < to && isSpace(text.charCodeAt(from))) from++;
  while (to > from && isSpace(text.charCodeAt(to - 1))) to--;
  if (from < to) spans.push({ start: from, end: to });
}

export function isSpace(unit: number): boolean {
  return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d) || unit === 0x3000 || unit === 0xa0;
}
