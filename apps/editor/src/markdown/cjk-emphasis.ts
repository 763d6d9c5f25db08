import { InlineContext, type MarkdownConfig } from '@lezer/markdown';

const asterisk = 42;
const underscore = 95;
const punctuation = /[\p{S}\p{P}]/u;
/** Scripts without spaces between words, with their punctuation and full-width forms. */
const cjk = /[\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]/;

/**
 * Emphasis as CommonMark has it, and also where it stands between Chinese, Japanese or Korean characters without spaces:
 * by the letter of CommonMark, `**注意：**本文` and `**「返金」**は` have none, since punctuation stands beside their marks
 * (https://github.com/commonmark/commonmark-spec/issues/650). Here such punctuation counts as a letter.
 */
export const cjkEmphasis: MarkdownConfig = {
  parseInline: [
    {
      name: 'Emphasis',
      parse(context, next, start) {
        if (next !== asterisk && next !== underscore) return -1;
        let end = start + 1;
        while (context.char(end) === next) end += 1;
        const before = describeNeighbour(context.slice(Math.max(context.offset, start - 1), start));
        const after = describeNeighbour(context.slice(end, Math.min(context.end, end + 1)));
        const opens = !after.isSpace && (!after.isPunctuation || before.isBorder);
        const closes = !before.isSpace && (!before.isPunctuation || after.isBorder);
        return next === asterisk
          ? context.addDelimiter(InlineContext.emphasisAsterisk, start, end, opens, closes)
          : context.addDelimiter(
              InlineContext.emphasisUnderscore,
              start,
              end,
              opens && (!closes || before.isPunctuation),
              closes && (!opens || after.isPunctuation),
            );
      },
    },
  ],
};

function describeNeighbour(character: string) {
  const isCjk = cjk.test(character);
  const isSpace = character === '' || /\s/.test(character);
  const isPunctuation = !isCjk && punctuation.test(character);
  return { isSpace, isPunctuation, isBorder: isSpace || isPunctuation || isCjk };
}
