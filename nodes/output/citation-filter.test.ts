import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makePassage } from '../testing/samples.ts';
import { createCitationFilter } from './citation-filter.ts';
import { settleMarkers } from './citation-markers.ts';
import { resolveCitations } from './citations.ts';

function filterAll(pieces: readonly string[], passages: number): string {
  const filter = createCitationFilter(passages);
  return pieces.map((piece) => filter.push(piece)).join('') + filter.flush();
}

/** Texts that are dense in brackets, numbers and the spaces around them. */
const answers = fc
  .array(
    fc.oneof(
      fc.constantFrom('[', ']', '［', '］', '[1]', '［２］', '[9]', ' [3]', '[1,2]', '[1、7]', '[注]', ' ', '　', '\n'),
      fc.constantFrom('1', '２', ',', '、', '。', '返金は', 'can', '12', '0', '𠮷'),
      fc.string({ maxLength: 3 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

/** A text and the places where it is cut, also within a surrogate pair. */
const cutAnswers = answers.chain((text) =>
  fc.array(fc.nat(text.length), { maxLength: 12 }).map((cuts) => {
    const places = [0, ...cuts.toSorted((one, other) => one - other), text.length];
    return { text, pieces: places.slice(1).map((place, index) => text.slice(places[index], place)) };
  }),
);

describe('the citation filter', () => {
  it('gives the same text however it was cut: the one that resolveCitations answers', () => {
    fc.assert(
      fc.property(cutAnswers, fc.nat(4), ({ text, pieces }, passages) => {
        const whole = resolveCitations(
          text,
          Array.from({ length: passages }, (_, place) => makePassage(`抜粋 ${place}`)),
        ).text;
        expect(filterAll(pieces, passages)).toBe(whole);
        expect(filterAll([...text], passages)).toBe(whole);
      }),
      { numRuns: 2000 },
    );
  });

  it('holds back no more than what may still become a marker', () => {
    const filter = createCitationFilter(2);
    expect(filter.push('返金は 14 日以内です')).toBe('返金は 14 日以内です');
    expect(filter.push(' [')).toBe('');
    expect(filter.push('1')).toBe('');
    expect(filter.push(']。')).toBe(' [1]。');
    expect(filter.push('[注')).toBe('[注');
    expect(filter.push('[')).toBe('');
    expect(filter.push('1'.repeat(41))).toBe(`[${'1'.repeat(41)}`);
    expect(filter.push('[2')).toBe('');
    expect(filter.flush()).toBe('[2');
  });
});

describe('settleMarkers', () => {
  it.each([
    ['14 日以内です［１］。', '14 日以内です[1]。'],
    ['14 日以内です[1, 2]。', '14 日以内です[1][2]。'],
    ['14 日以内です[1][2]。', '14 日以内です[1][2]。'],
    ['14 日以内です［1、3、1］。', '14 日以内です[1]。'],
    ['within 14 days [7].', 'within 14 days.'],
    ['within 14 days [7] of delivery [2].', 'within 14 days of delivery [2].'],
    ['[0] と [99999999999999999999] は捨てる', ' と は捨てる'],
    ['配列 [a] と [注1] と [] と [ ] は残す', '配列 [a] と [注1] と [] と は残す'],
  ])('makes of “%s” “%s”', (answer, settled) => {
    expect(settleMarkers(answer, 2).text).toBe(settled);
  });

  it('tells where each marker stands in the settled text', () => {
    const { text, markers } = settleMarkers('あ[9]い［1,2］う', 2);
    expect(markers.map(({ number, start, end }) => [number, text.slice(start, end)])).toEqual([
      [1, '[1]'],
      [2, '[2]'],
    ]);
  });
});
