import { describe, expect, it } from 'vitest';
import { scoreTokenF1 } from './token-f1.ts';

describe('token F1', () => {
  it('weighs the words in common, as SQuAD does', () => {
    // "born in scotland" and "in scotland": 2 in common, of 3 and of 2.
    expect(scoreTokenF1('Born in Scotland.', ['in Scotland'])).toBe(4 / 5);
    expect(scoreTokenF1('the a the', ['Scotland'])).toBe(0);
    expect(scoreTokenF1('', ['Scotland'])).toBe(0);
  });

  it('has no value for a script without spaces, unless another reference has some', () => {
    expect(scoreTokenF1('スコットランド', ['スコットランド'])).toEqual({ notApplicable: 'script-without-spaces' });
    expect(scoreTokenF1('Scotland', ['スコットランド', 'Scotland'])).toBe(1);
  });

  it('has no value without a reference', () => {
    expect(scoreTokenF1('Scotland', [])).toEqual({ notApplicable: 'no-reference' });
  });
});
