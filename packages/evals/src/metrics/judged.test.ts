import { describe, expect, it } from 'vitest';
import { scoreAnswerCorrectness, scoreContextPrecision, scoreFaithfulness } from './judged.ts';

const unreadable = { notApplicable: 'judge-unreadable' };

describe('faithfulness', () => {
  it('is the share of statements that the passages support', () => {
    expect(scoreFaithfulness(['yes', 'no', 'yes', 'yes'])).toBe(3 / 4);
    expect(scoreFaithfulness(['no'])).toBe(0);
  });

  it('has no value without statements, without retrieval, and where a verdict cannot be read', () => {
    expect(scoreFaithfulness([])).toEqual({ notApplicable: 'nothing-stated' });
    expect(scoreFaithfulness(null)).toEqual({ notApplicable: 'no-retrieval' });
    expect(scoreFaithfulness(['yes', 'unreadable'])).toEqual(unreadable);
  });
});

describe('answer correctness', () => {
  it('has three steps, and none for a verdict that cannot be read', () => {
    expect(scoreAnswerCorrectness('right')).toBe(1);
    expect(scoreAnswerCorrectness('partly')).toBe(0.5);
    expect(scoreAnswerCorrectness('wrong')).toBe(0);
    expect(scoreAnswerCorrectness('unreadable')).toEqual(unreadable);
  });
});

describe('context precision', () => {
  it('is higher where useful passages come first', () => {
    expect(scoreContextPrecision(['yes', 'no', 'yes'])).toBe((1 / 1 + 2 / 3) / 2);
    expect(scoreContextPrecision(['no', 'no', 'yes'])).toBe(1 / 3);
    expect(scoreContextPrecision(['no', 'no'])).toBe(0);
  });

  it('has no value without retrieval, and where a verdict cannot be read', () => {
    expect(scoreContextPrecision(null)).toEqual({ notApplicable: 'no-retrieval' });
    expect(scoreContextPrecision(['yes', 'unreadable'])).toEqual(unreadable);
  });
});
