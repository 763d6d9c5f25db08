import type { ChatMessage } from '@kumiki/node-sdk';
import { describe, expect, it } from 'vitest';
import { createFakeContext } from '../testing/fake-context.ts';
import { couldHaveMade, warnOtherPrompt } from './check-trained-prompt.ts';

describe('whether a template could have made a text', () => {
  it.each([
    ['質問：{{question}}', '質問：送料は？', true],
    ['質問：{{question}}', '送料は？', false],
    ['# 抜粋\n{{passages}}\n# 質問\n{{question}}', '# 抜粋\n[1] 送料\n500円\n# 質問\n送料は？', true],
    ['{{a}}と{{b}}', '甲と乙と丙', true],
    ['{{question}}。', '送料は？', false],
    ['固定', '固定', true],
    ['固定', '固定です', false],
    ['あ{{x}}あ', 'あ', false],
  ])('%j and %j: %s', (template, text, expected) => {
    expect(couldHaveMade(template, text)).toBe(expected);
  });
});

describe('a tuned model that is asked', () => {
  const prompt = { system: '短く答えてください。', template: '質問：{{question}}' };
  const model = {
    ...{ host: 'h', name: 'm', digest: null, template: null, contextLength: null },
    adapter: { digest: 'sha256:a', files: [], base: 'sha256:b', prompt },
  };
  const ask = (messages: readonly ChatMessage[], asked = model) => {
    const context = createFakeContext();
    warnOtherPrompt(context, asked, messages);
    return context.record.warnings;
  };
  const system = { role: 'system', content: prompt.system } as const;
  const question = { role: 'user', content: '質問：送料は？' } as const;

  it('in the words of its training is no reason to warn', () => {
    expect(ask([system, question])).toEqual([]);
    const earlier = [{ role: 'user', content: 'もしもし' } as const, { role: 'assistant', content: 'はい' } as const];
    expect(ask([system, ...earlier, question])).toEqual([]);
    expect(ask([question], { ...model, adapter: { ...model.adapter, prompt: null as never } })).toEqual([]);
  });

  it('in other words is one', () => {
    expect(ask([question])).toEqual(['other-prompt-than-trained']);
    expect(ask([system, { role: 'user', content: '送料は？' }])).toEqual(['other-prompt-than-trained']);
  });
});
