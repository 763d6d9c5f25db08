import { describe, expect, it } from 'vitest';
import { combineVerdicts, type PairVerdict, summariseVerdicts } from './pair-verdicts.ts';

describe('the verdict of both orders', () => {
  it.each([
    ['first', 'second', 'arm'],
    ['second', 'first', 'against'],
    ['tie', 'tie', 'tie'],
    ['first', 'first', 'disagreement'],
    ['second', 'second', 'disagreement'],
    ['first', 'tie', 'disagreement'],
    ['tie', 'first', 'disagreement'],
    ['first', 'unreadable', 'unreadable'],
    ['unreadable', 'second', 'unreadable'],
  ] as const)('%s, then %s: %s', (armFirst, armSecond, expected) => {
    expect(combineVerdicts(armFirst, armSecond)).toBe(expected);
  });
});

describe('a summary of verdicts', () => {
  it('counts disagreements as ties and leaves unreadable ones out', () => {
    const verdicts: readonly PairVerdict[] = ['arm', 'arm', 'against', 'tie', 'disagreement', 'unreadable'];
    const summary = summariseVerdicts(
      verdicts.map((verdict, index) => ({ cluster: `c${index}`, verdict })),
      1,
    );
    expect(summary).toMatchObject({ won: 2, lost: 1, tied: 2, disagreements: 1, unreadable: 1, preference: 1 / 5 });
    expect(summary.interval).toEqual({ kind: 'too-few-clusters', clusters: 5, needed: 15 });
    expect(summary.test).toBeNull();
  });

  it('has an interval and a test from 15 clusters on', () => {
    const pairs = Array.from({ length: 30 }, (_, index) => ({
      cluster: `c${index % 15}`,
      verdict: index % 10 === 0 ? ('against' as const) : ('arm' as const),
    }));
    const summary = summariseVerdicts(pairs, 1);
    expect(summary.preference).toBeCloseTo(0.8, 12);
    expect(summary.interval).toMatchObject({ kind: 'interval' });
    expect(summary.test?.method).toBe('sign-flip-exact');
    expect(summary.test?.p).toBeLessThan(0.01);
  });

  it('says nothing where no verdict can be read', () => {
    const summary = summariseVerdicts([{ cluster: 'a', verdict: 'unreadable' }], 1);
    expect(summary).toMatchObject({ unreadable: 1, preference: null, interval: null, test: null });
  });
});
