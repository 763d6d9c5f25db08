import { type AdapterValue, defineNode, type HostModel, KumikiError, type NodeContext, port } from '@kumiki/node-sdk';
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
    tuned: z.string().max(200).default(''),
  }),
  settingTexts: {
    ...modelSettingTexts,
    model: { ...modelSettingTexts.model, widget: 'chat-model' },
    tuned: {
      title: { en: 'Tuned model', ja: '調整済みモデル' },
      description: {
        en: 'A tuned model over this one, to answer instead of it. Without one, the model answers as it is.',
        ja: 'このモデルをもとにした調整済みモデルで回答する場合に選びます。選ばなければ、元のモデルで回答します。',
      },
      widget: 'tuned-model',
      advanced: true,
    },
  },
  headline: 'model',
  inputs: {},
  outputs: { model: port.chatModel() },
  resources: ['network'],
  /** A model is its weights, adapter and template; where it runs is no part of it. */
  async identify({ settings, context }) {
    const model = await inspectModel(context, settings, 'chat');
    const adapter = (await findAdapter(context, settings.tuned, model))?.digest ?? null;
    return {
      value:
        model.digest === null
          ? { unpinned: { host: settings.host, model: settings.model, ...(adapter !== null && { adapter }) } }
          : { digest: model.digest, adapter, template: model.template },
      covers: ['host', 'model', 'tuned'],
    };
  },
  async run({ settings, context }) {
    // The host's own name of the model: `default` of the embedded host becomes the one that it chose.
    const model = await inspectModel(context, settings, 'chat');
    const { name, digest, template, contextLength } = model;
    const adapter = await findAdapter(context, settings.tuned, model);
    return { model: { host: settings.host, name, digest, adapter, template, contextLength } };
  },
});

/** Throws `tuned-model-unknown`, and `adapter-base-mismatch` where it was trained over other weights. */
async function findAdapter(context: NodeContext, tuned: string, model: HostModel): Promise<AdapterValue | null> {
  if (tuned === '') return null;
  const adapter = await context.models.findAdapter(tuned);
  if (model.digest === null || adapter.base === model.digest) return adapter;
  throw new KumikiError({
    code: 'adapter-base-mismatch',
    status: 422,
    node: context.node,
    path: '/settings/tuned',
    message: {
      en: `The tuned model “${tuned}” was trained over other weights than those of “${model.name}”. Choose the model that it was trained over.`,
      ja: `調整済みモデル「${tuned}」のベースは「${model.name}」ではありません。学習に使ったモデルを選んでください。`,
    },
  });
}
