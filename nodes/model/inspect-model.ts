import { type HostModel, KumikiError, type ModelPurpose, type NodeContext } from '@kumiki/node-sdk';

/** Texts of the two settings that every model node has. */
export const modelSettingTexts = {
  host: {
    title: { en: 'Host', ja: 'ホスト' },
    description: {
      en: 'The model host that runs the model. “embedded” is the one that comes with Kumiki.',
      ja: 'モデルを動かすモデルホストです。「embedded」は Kumiki に内蔵のホストです。',
    },
  },
  model: {
    title: { en: 'Model', ja: 'モデル' },
    description: { en: 'The model’s name on its host.', ja: 'ホストでのモデルの名前です。' },
  },
} as const;

const purposeNames = {
  chat: { en: 'write answers', ja: '回答の生成' },
  embedding: { en: 'embed text', ja: '埋め込み' },
  rerank: { en: 'rerank passages', ja: '並べ替え' },
} as const;

/** Asks the host for the model. Throws what the host throws, and `model-purpose` where it cannot do what is wanted. */
export async function inspectModel(
  context: NodeContext,
  settings: { readonly host: string; readonly model: string },
  purpose: ModelPurpose,
): Promise<HostModel> {
  const model = await context.models.inspect(settings.host, settings.model);
  if (!model.purposes.includes(purpose)) {
    throw new KumikiError({
      code: 'model-purpose',
      message: {
        en: `The model “${settings.model}” on “${settings.host}” cannot ${purposeNames[purpose].en}. Choose another model in the settings of this node.`,
        ja: `「${settings.host}」のモデル「${settings.model}」は${purposeNames[purpose].ja}に使えません。部品の設定で別のモデルを選んでください。`,
      },
      status: 422,
      node: context.node,
      path: '/settings/model',
    });
  }
  return model;
}
