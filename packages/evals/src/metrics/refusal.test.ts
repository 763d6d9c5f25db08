import { describe, expect, it } from 'vitest';
import { isRefusal, scoreRefusal, scoreWrongfulRefusal } from './refusal.ts';

describe('refusal', () => {
  it('is asked for where the answer is not in the documents, and wrongful where it is', () => {
    expect(scoreRefusal({ answerable: false, refused: true })).toBe(1);
    expect(scoreRefusal({ answerable: false, refused: false })).toBe(0);
    expect(scoreRefusal({ answerable: true, refused: true })).toEqual({ notApplicable: 'answer-in-documents' });
    expect(scoreWrongfulRefusal({ answerable: true, refused: true })).toBe(1);
    expect(scoreWrongfulRefusal({ answerable: true, refused: false })).toBe(0);
    expect(scoreWrongfulRefusal({ answerable: false, refused: true })).toEqual({
      notApplicable: 'answer-not-in-documents',
    });
  });

  it.each([scoreRefusal, scoreWrongfulRefusal])('has no value where it is not known which: %o', (score) => {
    expect(score({ answerable: null, refused: true })).toEqual({ notApplicable: 'answerable-not-known' });
  });
});

describe('an answer', () => {
  it.each([
    'すみませんが、わかりません。',
    'その情報は資料に記載がありません。窓口にお尋ねください。',
    "I don't know.",
    'I don’t know the answer to that.',
    'The question cannot be answered: it is not mentioned in the documents.',
  ])('says that it does not know: %s', (answer) => {
    expect(isRefusal(answer)).toBe(true);
  });

  it.each([
    '料金は 500 円です。',
    '500 円です。それ以外はわかりません。',
    'It costs 5 dollars. I do not know more.',
    '',
  ])('says something: %s', (answer) => {
    expect(isRefusal(answer)).toBe(false);
  });

  it('is known by the sentence of the arm, wherever that stands', () => {
    expect(isRefusal('お調べしました。担当へお回しします。', ['担当へお回しします'])).toBe(true);
    expect(isRefusal('お調べしました。', [''])).toBe(false);
  });
});
