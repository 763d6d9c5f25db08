import { describe, expect, it } from 'vitest';
import { scoreCitationPrecision, scoreCitationRecall } from './citations.ts';

describe('citations', () => {
  it('are precise by the share that holds the answer, and complete by the share that is cited', () => {
    expect(scoreCitationPrecision(['a', 'x', 'a'], ['a', 'b', 'c'])).toBe(1 / 2);
    expect(scoreCitationRecall(['a', 'x', 'a'], ['a', 'b', 'c'])).toBe(1 / 3);
  });

  it('have no precision where there are none, but a recall of 0', () => {
    expect(scoreCitationPrecision([], ['a'])).toEqual({ notApplicable: 'nothing-cited' });
    expect(scoreCitationRecall([], ['a'])).toBe(0);
  });

  it.each([scoreCitationPrecision, scoreCitationRecall])('have no value where nothing can be cited: %o', (score) => {
    expect(score(null, ['a'])).toEqual({ notApplicable: 'no-retrieval' });
    expect(score(['a'], null)).toEqual({ notApplicable: 'no-passages-known' });
    expect(score(['a'], [])).toEqual({ notApplicable: 'answer-not-in-documents' });
  });
});
