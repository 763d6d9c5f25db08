import { derivePorts } from '@kumiki/flow';
import { describe, expect, it } from 'vitest';
import { createFakeContext } from '../testing/fake-context.ts';
import { runNode } from '../testing/run-node.ts';
import { makePassage } from '../testing/samples.ts';
import { promptTemplate } from './template.ts';

const context = createFakeContext();

describe('prompt/template', () => {
  it('numbers the passages and names their documents and headings', async () => {
    const passages = [
      makePassage('返金は 14 日以内です。\n', { documentName: '返金.md', headings: ['返金', '期限'] }),
      makePassage('送料は無料です。', { documentName: '送料.txt' }),
    ];
    const { prompt } = await runNode(promptTemplate, {
      settings: { system: '短く答えてください。', template: '{{passages}}\n\n質問：{{ question }}' },
      variables: { passages, question: '返金はいつまで？' },
      context,
    });
    expect(prompt).toEqual([
      { role: 'system', content: '短く答えてください。' },
      {
        role: 'user',
        content:
          '[1] 返金.md › 返金 › 期限\n返金は 14 日以内です。\n\n[2] 送料.txt\n送料は無料です。\n\n質問：返金はいつまで？',
      },
    ]);
  });

  it('never reads what comes in as a template', async () => {
    const { prompt } = await runNode(promptTemplate, {
      settings: { template: '{{a}}{{b}}' },
      variables: { a: '{{b}} $& {{{b}}}', b: '<b>&"' },
      context,
    });
    expect(prompt).toEqual([{ role: 'user', content: '{{b}} $& {{{b}}}<b>&"' }]);
  });

  it('puts the conversation so far between instructions and question', async () => {
    const history = [
      { role: 'user' as const, content: 'こんにちは' },
      { role: 'assistant' as const, content: 'ご用件は？' },
    ];
    const { prompt } = await runNode(promptTemplate, {
      settings: { system: '丁寧に。' },
      inputs: { history },
      variables: { question: '返金は？' },
      context,
    });
    expect(prompt).toEqual([
      { role: 'system', content: '丁寧に。' },
      ...history,
      { role: 'user', content: '返金は？' },
    ]);
  });

  it.each([
    [3, '3'],
    [false, 'false'],
    [{ a: [1] }, '{\n  "a": [\n    1\n  ]\n}'],
    [[], ''],
  ])('writes %j as %s', async (value, text) => {
    const { prompt } = await runNode(promptTemplate, {
      settings: { template: '{{x}}' },
      variables: { x: value },
      context,
    });
    expect(prompt).toEqual([{ role: 'user', content: text }]);
  });

  it('puts out its own template as a value, also without any input', async () => {
    const { behaviour } = promptTemplate;
    const settings = promptTemplate.settings.parse({ system: 's', template: '{{question}}' });
    const made = behaviour.role === 'run' ? await behaviour.runStatic?.({ settings, context }) : undefined;
    expect(made).toEqual({ template: { system: 's', template: '{{question}}' } });
  });

  it('gets an input for each variable; a new node asks for passages and question', () => {
    const { description } = promptTemplate;
    const settings = { template: description.initialTexts.template?.ja ?? '' };
    const { inputs } = derivePorts({ settings }, description, {});
    expect(Object.keys(inputs)).toEqual(['history', 'passages', 'question']);
    expect(inputs.passages?.kinds).toContain('passages');
  });
});
