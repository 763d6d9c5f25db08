import { defineNode, port } from '@kumiki/node-sdk';
import { z } from 'zod';
import { inspectModel, modelSettingTexts } from './inspect-model.ts';

/** Names a chat model on a host and puts it on a wire. */
export const chatModel = defineNode({
  type: 'model/chat',
  version: 1,
  behaviour: 1,
  effect: 'reads',
  title: { en: 'Chat model', ja: '対話モデル' },
  description: {
    en: 'Chooses the language model that writes answers. Its weights are recorded, so that a changed model is noticed.',
    ja: '回答を書く言語モデルを選びます。モデルの中身を記録するため、差し替わったときに気付けます。',
  },
  settings: z.object({
    host: z.string().min(1).default('embedded'),
    model: z.string().min(1),
  }),
  settingTexts: { ...modelSettingTexts, model: { ...modelSettingTexts.model, widget: 'chat-model' } },
  headline: 'model',
  inputs: {},
  outputs: { model: port.chatModel() },
  resources: ['network'],
  /** A model is its weights, adapter and template; where it runs is no part of it. */
  async identify({ settings, context }) {
    const model = await inspectModel(context, settings, 'chat');
    return {
      value:
        model.digest === null
          ? { unpinned: { host: settings.host, model: settings.model } }
          : { digest: model.digest, adapter: null, template: model.template },
      covers: ['host', 'model'],
    };
  },
  async run({ settings, context }) {
    // The host's own name of the model: `default` of the embedded host becomes the one that it chose.
    const { name, digest, template, contextLength } = await inspectModel(context, settings, 'chat');
    return { model: { host: settings.host, name, digest, adapter: null, template, contextLength } };
  },
});
