import { describe, expect, it } from 'vitest';
import { stemEnglish } from './stem-english.ts';
import { tokenise } from './tokenise.ts';

describe('tokenise', () => {
  it('takes words and bigrams of Japanese, and bigrams with what stands beside it', () => {
    expect(tokenise('解約は2024年').toSorted()).toEqual(
      ['解約', 'は', '2024', '2024', '年', '解約', '約は', 'は2024', '2024年'].toSorted(),
    );
  });

  it('makes one of full-width, half-width and upper case', () => {
    expect(tokenise('ＳＳＬ ｻｰﾊﾞｰ')).toEqual(tokenise('ssl サーバー'));
  });

  it('counts words of other scripts twice and without their endings, and drops what says nothing', () => {
    expect(tokenise('The fees of the servers')).toEqual(['fee', 'fee', 'server', 'server']);
  });

  it('makes nothing of marks and blanks', () => {
    expect(tokenise('。、 !? \n')).toEqual([]);
  });

  it('bounds the length of a term, without breaking a character', () => {
    for (const term of tokenise(`${'a'.repeat(100_000)} ${'𠮷'.repeat(100)}a`)) {
      expect(term.length).toBeLessThanOrEqual(64);
      expect(term.isWellFormed()).toBe(true);
    }
  });
});

describe('stemEnglish', () => {
  it.each([
    ['policies', 'policy'],
    ['applied', 'apply'],
    ['running', 'run'],
    ['charges', 'charg'],
    ['charged', 'charg'],
    ['charge', 'charg'],
    ['classes', 'class'],
    ['class', 'class'],
    ['quickly', 'quick'],
    ['thing', 'thing'],
    ['news', 'new'],
    ['bed', 'bed'],
    ['x509', 'x509'],
  ])('%s becomes %s', (word, stem) => {
    expect(stemEnglish(word)).toBe(stem);
  });
});
