import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeSettingIssue } from './setting-issue.ts';

describe('describeSettingIssue', () => {
  const describeRefinement = (words: { message?: string; params?: Record<string, unknown> }) => {
    const schema = z.string().superRefine((_, context) => context.addIssue({ code: 'custom', ...words }));
    const issue = schema.safeParse('').error?.issues[0];
    return issue === undefined ? null : describeSettingIssue(issue);
  };

  it('takes each language of a refinement by itself', () => {
    expect(describeRefinement({ params: { en: 'choose a folder', ja: 'フォルダーを選んでください' } })).toEqual({
      en: 'cannot be used as it is: choose a folder',
      ja: 'はこのままでは使えません（フォルダーを選んでください）',
    });
  });

  it('takes a message for both where a refinement has but one', () => {
    expect(describeRefinement({ message: '1:2' })).toEqual({
      en: 'cannot be used as it is: 1:2',
      ja: 'はこのままでは使えません（1:2）',
    });
  });
});
