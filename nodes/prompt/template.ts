import { defineNode, port } from '@kumiki/node-sdk';
import { z } from 'zod';
import { renderPrompt } from './render-prompt.ts';

/** Short, because small models lose long instructions; the marker's form is what the citation check reads. */
const initialSystem = {
  en: `You answer questions from the passages that you are given.
- Use only what the passages say, and be brief.
- Put the number of the passage that you used at the end of the sentence, such as [1].
- If the passages do not tell, answer only: "The documents do not say."`,
  ja: `あなたは、渡された抜粋をもとに質問に答えるアシスタントです。
・抜粋に書かれていることだけを使い、簡潔に答えてください。
・使った抜粋の番号を、文の終わりに [1] のように付けてください。
・抜粋から分からないときは「資料からは分かりませんでした。」とだけ答えてください。`,
};

/** Both have the same variables: ports do not depend on a language. */
const initialTemplate = {
  en: `# Passages
{{passages}}

# Question
{{question}}`,
  ja: `# 抜粋
{{passages}}

# 質問
{{question}}`,
};

/** A logic-less template: what goes in is put in the place of `{{name}}`, and is never read as a template again. */
export const promptTemplate = defineNode({
  type: 'prompt/template',
  version: 1,
  behaviour: 1,
  effect: 'pure',
  title: { en: 'Prompt', ja: 'プロンプト' },
  description: {
    en: 'Puts the question and the passages into a prompt for the model. Each {{name}} in the template becomes an input.',
    ja: '質問や抜粋を、モデルに渡すプロンプトにまとめます。ひな形に {{名前}} と書くと、その名前の入力ができます。',
  },
  settings: z.object({
    system: z.string().max(50_000).default(''),
    template: z.string().max(50_000).default('{{question}}'),
  }),
  settingTexts: {
    system: {
      title: { en: 'Instructions', ja: '指示' },
      description: {
        en: 'Tells the model how to answer (system message). Passages are numbered [1], [2], …',
        ja: 'モデルへの指示（システムメッセージ）です。抜粋には [1]、[2] と番号が付きます。',
      },
      widget: 'textarea',
    },
    template: {
      title: { en: 'Template', ja: 'ひな形' },
      description: {
        en: 'Write {{name}} where a value is to stand.',
        ja: '値を入れたい場所に {{名前}} と書きます。',
      },
      widget: 'textarea',
    },
  },
  headline: 'template',
  initialTexts: { system: initialSystem, template: initialTemplate },
  inputs: {
    history: port.messages({ required: false }),
  },
  outputs: {
    prompt: port.messages({ title: { en: 'prompt', ja: 'プロンプト' } }),
    template: port.promptTemplate({ static: true }),
  },
  portRules: [
    {
      rule: 'template-variables',
      setting: 'template',
      kinds: ['text', 'number', 'boolean', 'json', 'passages'],
      except: ['history'],
    },
  ],
  async run({ settings, inputs, variables }) {
    const { system, template } = settings;
    const prompt = renderPrompt({ system, template }, inputs.history ?? [], variables);
    return { prompt, template: { system, template } };
  },
  async runStatic({ settings: { system, template } }) {
    return { template: { system, template } };
  },
});
