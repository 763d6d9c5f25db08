import { expect, it } from 'vitest';
import { checkFlow } from './check-flow.ts';
import type { JsonValue } from './document.ts';
import { describeType, drawFlow, inputPort, outputPort } from './testing/node-types.ts';

const templateSettings = {
  type: 'object',
  properties: { system: { type: 'string', default: '' }, template: { type: 'string', default: '{{question}}' } },
};
const types = new Map(
  [
    describeType('prompt', {
      family: 'prompt',
      settingsSchema: templateSettings,
      settingTexts: { system: { title: { en: 'S', ja: 'S' } }, template: { title: { en: 'T', ja: 'T' } } },
      inputs: { question: inputPort('text', { required: false }) },
      outputs: { prompt: outputPort('messages'), template: outputPort('prompt-template', { static: true }) },
    }),
    describeType('base', { family: 'model', outputs: { model: outputPort('chat-model') } }),
    describeType('tune', {
      family: 'finetune',
      makesArtifact: true,
      inputs: { model: inputPort('chat-model'), template: inputPort('prompt-template', { required: false }) },
      outputs: { model: outputPort('chat-model') },
    }),
    describeType('generate', {
      family: 'generate',
      inputs: { prompt: inputPort('messages'), model: inputPort('chat-model') },
      outputs: { answer: outputPort('text') },
    }),
    describeType('output', { family: 'output', inputs: { value: inputPort('text') } }),
  ].map((type) => [type.type, type]),
);

function check(
  prompts: { serving: Record<string, JsonValue>; trained: Record<string, JsonValue> },
  ...wires: readonly string[]
) {
  const document = drawFlow(
    {
      serving: ['prompt', prompts.serving],
      trained: ['prompt', prompts.trained],
      base: ['base', {}],
      tune: ['tune', {}],
      generate: ['generate', {}],
      plain: ['generate', {}],
      answer: ['output', {}],
      other: ['output', {}],
    },
    'base.model > tune.model',
    ...wires,
    'tune.model > generate.model',
    'serving.prompt > generate.prompt',
    'base.model > plain.model',
    'serving.prompt > plain.prompt',
    'plain.answer > other.value',
    'generate.answer > answer.value',
  );
  return checkFlow(document, types)
    .filter(({ code }) => code === 'other-prompt-than-trained')
    .map(({ node, severity }) => [node, severity]);
}

const other = { template: '質問：{{question}}' };

it('says nothing where a tuned model is asked in the words in which it learnt', () => {
  expect(check({ serving: other, trained: {} }, 'serving.template > tune.template')).toEqual([]);
  expect(check({ serving: other, trained: { ...other, system: '' } }, 'trained.template > tune.template')).toEqual([]);
  expect(check({ serving: { template: '{{question}}' }, trained: {} })).toEqual([]);
});

it('warns where another template serves than the one that it learnt with', () => {
  const warning = [['generate', 'warning']];
  expect(check({ serving: other, trained: {} }, 'trained.template > tune.template')).toEqual(warning);
  expect(check({ serving: { system: '短く答えて' }, trained: {} }, 'trained.template > tune.template')).toEqual(
    warning,
  );
});

it('warns where a template serves and none was learnt with', () => {
  expect(check({ serving: other, trained: {} })).toEqual([['generate', 'warning']]);
});
