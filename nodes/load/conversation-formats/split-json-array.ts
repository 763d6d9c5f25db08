/** A piece of a text, and the line where it begins, from 1. */
export type TextPiece = { readonly line: number; readonly text: string };

/**
 * The elements of a JSON array as texts, so that each is parsed on its own: one that is broken spoils no other, and every
 * one is known by its line. What stands behind a missing bracket belongs to the element before it. Takes time in
 * proportion to the text. Null where the text is no array.
 */
export function splitJsonArray(text: string): TextPiece[] | null {
  const open = /^\s*\[/.exec(text);
  if (open === null) return null;
  const pieces: TextPiece[] = [];
  let begin = open[0].length;
  let depth = 0;
  const lines = new LineCounter(text);
  const take = (end: number) => {
    const raw = text.slice(begin, end);
    const start = begin + raw.length - raw.trimStart().length;
    if (raw.trim() !== '') pieces.push({ line: lines.lineOf(start), text: raw.trim() });
    begin = end + 1;
  };
  const marks = /["{}[\],]/g;
  marks.lastIndex = begin;
  for (let match = marks.exec(text); match !== null; match = marks.exec(text)) {
    const at = match.index;
    switch (match[0]) {
      case '"':
        marks.lastIndex = findStringEnd(text, at + 1);
        break;
      case '{':
      case '[':
        depth += 1;
        break;
      case '}':
        depth -= 1;
        break;
      case ']':
        if (depth <= 0) {
          take(at);
          return pieces;
        }
        depth -= 1;
        break;
      case ',':
        if (depth <= 0) take(at);
    }
  }
  take(text.length);
  return pieces;
}

function findStringEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x5c) at += 1;
    else if (unit === 0x22) return at + 1;
  }
  return text.length;
}

/** Lines of ascending offsets, counted once over the whole text. */
class LineCounter {
  readonly #text: string;
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  lineOf(offset: number): number {
    for (
      let end = this.#text.indexOf('\n', this.#at);
      end >= 0 && end < offset;
      end = this.#text.indexOf('\n', end + 1)
    ) {
      this.#line += 1;
      this.#at = end + 1;
    }
    return this.#line;
  }
}
