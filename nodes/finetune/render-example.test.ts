import { buildFlow, planFlow, runFlow } from '@kumiki/engine';
import type { ChatMessage, Example, NodeType, Passage } from '@kumiki/node-sdk';
import { defineNode, port } from '@kumiki/node-sdk';
import { buildFlowDocument, FakeModelHost, MemoryArtifactStore, MemoryServices } from '@kumiki/testkit';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { nodeTypes } from '../index.ts';
import { makePassage } from '../testing/samples.ts';
import { findTemplateRoles, renderExample } from './render-example.ts';

const names = { question: 'question', passages: 'passages' };
const passages = [
  makePassage('送料は全国一律500円です。', { documentName: '送料.md', headings: ['送料'] }),
  makePassage('返品は14日以内です。{{question}}', { documentName: '返品.md' }),
];
const template = {
  system: 'あなたは窓口の担当です。',
  template: '抜粋：\n{{passages}}\n\n質問：{{question}}\n\n一文で答えてください。',
};

function makeExample(parts: Partial<Example> = {}): Example {
  return {
    id: 'chat-1',
    documents: ['load/chats.jsonl'],
    group: 'chat-1',
    split: 'train',
    messages: [
      { role: 'system', content: 'What the source had.' },
      { role: 'user', content: 'もしもし' },
      { role: 'assistant', content: 'はい、窓口です。' },
      { role: 'user', content: '送料は {{question}} ですか？' },
      { role: 'assistant', content: '500円です。[1]' },
    ],
    trained: [4],
    passages,
    ...parts,
  };
}

function render(example: Example, prompt = template) {
  return renderExample(example, { template: prompt, roles: findTemplateRoles(prompt, names) });
}

/** What a flow sends to its model for a question: its passages are given, all else is as a person would draw it. */
async function serve(
  prompt: typeof template,
  question: string,
  history: readonly ChatMessage[],
  found: readonly Passage[],
) {
  const host = new FakeModelHost();
  const givenPassages = defineNode({
    type: 'retrieve/given',
    version: 1,
    behaviour: 1,
    effect: 'pure',
    title: { en: 'Given', ja: '既知' },
    description: { en: '', ja: '' },
    settings: z.object({}),
    settingTexts: {},
    inputs: { query: port.text() },
    outputs: { passages: port.passages() },
    run: async () => ({ passages: found }),
  });
  const types = new Map<string, NodeType>([...nodeTypes, givenPassages].map((type) => [type.description.type, type]));
  const hasPassages = prompt.template.includes('{{passages}}');
  const drawn = buildFlowDocument('Serving')
    .node('question', 'input', { name: 'question' })
    .node('history', 'input', { name: 'history', kind: 'messages' })
    .node('chat', 'model/chat', { model: 'fake-chat' })
    .node('prompt', 'prompt/template', prompt)
    .node('answer', 'generate/llm')
    .node('output', 'output', { name: 'answer' })
    .wire('question.value', 'prompt.question')
    .wire('history.value', 'prompt.history')
    .wire('prompt.prompt', 'answer.prompt')
    .wire('chat.model', 'answer.model')
    .wire('answer.answer', 'output.value');
  if (hasPassages) {
    drawn
      .node('given', 'retrieve/given')
      .wire('question.value', 'given.query')
      .wire('given.passages', 'prompt.passages');
  }
  const plan = planFlow(drawn.build(), types);
  const services = new MemoryServices({ host });
  const shared = { plan, workspace: 'default', run: 'run', services: services.bind, emit: () => {} };
  const signal = new AbortController().signal;
  const { build } = await buildFlow({ ...shared, signal, artifacts: new MemoryArtifactStore() });
  const inputs = { question, history: history.map((message) => ({ ...message })) };
  const result = await runFlow({ ...shared, signal, build, inputs });
  expect(result.state).toBe('succeeded');
  return host.chatRequests[0]?.messages;
}

describe('a row that is trained', () => {
  it.each([
    ['with passages', template],
    ['without passages', { system: '短く。', template: '質問：{{question}}' }],
    ['without a system text', { system: ' ', template: '{{question}}' }],
  ])(
    'is, message by message, what the flow sends to its model for the same question and history, %s',
    async (_, prompt) => {
      const example = makeExample();
      const { rows } = render(example, prompt);
      const history = example.messages.slice(1, 3);
      const sent = await serve(prompt, example.messages[3]?.content ?? '', history, passages);
      expect(rows).toHaveLength(1);
      const [row] = rows;
      expect(row?.messages.slice(0, -1)).toEqual(sent);
      expect(row?.messages.at(-1)).toEqual({ role: 'assistant', content: '500円です。[1]' });
      expect(row?.trained).toEqual([(row?.messages.length ?? 0) - 1]);
    },
  );

  it('is one for each answer that counts, with the turns before it as they were said', () => {
    const prompt = { system: '', template: '問い：{{question}}' };
    const { rows } = render(makeExample({ trained: [2, 4] }), prompt);
    expect(rows.map(({ id, messages }) => [id, messages.map(({ content }) => content)])).toEqual([
      ['chat-1#2', ['問い：もしもし', 'はい、窓口です。']],
      ['chat-1#4', ['もしもし', 'はい、窓口です。', '問い：送料は {{question}} ですか？', '500円です。[1]']],
    ]);
  });

  it('is the example as it is where there is no template', () => {
    const example = makeExample();
    const { id, messages, trained } = example;
    expect(renderExample(example, null)).toEqual({ rows: [{ id, messages, trained }], leftOut: 0 });
  });

  it('is left out where the template wants passages that nobody knows', () => {
    expect(render(makeExample({ passages: null }))).toEqual({ rows: [], leftOut: 1 });
    const both = render(makeExample({ trained: [2, 4] }));
    expect(both.rows.map(({ id }) => id)).toEqual(['chat-1#4']);
    expect(both.leftOut).toBe(1);
  });
});

describe('the variables of a template', () => {
  it('are found by name, and a single other one is the question', () => {
    expect(findTemplateRoles(template, names)).toEqual(names);
    expect(
      findTemplateRoles({ system: '', template: '{{抜粋}} {{質問}}' }, { question: '質問', passages: '抜粋' }),
    ).toEqual({
      question: '質問',
      passages: '抜粋',
    });
    expect(findTemplateRoles({ system: '', template: '{{q}}' }, names)).toEqual({ question: 'q', passages: null });
    expect(findTemplateRoles({ system: '', template: '固定の文' }, names)).toEqual({ question: null, passages: null });
  });

  it('are refused where the data holds nothing for one', () => {
    expect(() => findTemplateRoles({ system: '', template: '{{question}} {{date}}' }, names)).toThrow(
      expect.objectContaining({ code: 'template-variable-unknown' }),
    );
  });
});
