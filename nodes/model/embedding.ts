import { defineNode, type EmbeddingModelValue, type HostModel, type NodeContext, port } from '@kumiki/node-sdk';
import { z } from 'zod';
import { findPrefixes } from './embedding-prefixes.ts';
import { inspectModel, modelSettingTexts } from './inspect-model.ts';

/** What is assumed of a model whose host does not tell its length: that of the BERT family, which most belong to. */
const assumedMaximumTokens = 512;

const settings = z.object({
  host: z.string().min(1).default('embedded'),
  model: z.string().min(1),
  prefixes: z.enum(['auto', 'custom']).default('auto'),
  queryPrefix: z.string().max(500).default(''),
  documentPrefix: z.string().max(500).default(''),
  maximumTokens: z.int().min(0).max(1_000_000).default(0),
});

type Settings = z.output<typeof settings>;

/** Names an embedding model on a host, with the prefixes that it wants, and puts it on a wire. */
export const embeddingModel = defineNode({
  type: 'model/embedding',
  version: 1,
  behaviour: 1,
  effect: 'reads',
  title: { en: 'Embedding model', ja: '埋め込みモデル' },
  description: {
    en: 'Chooses the model that turns text into vectors. Documents and questions always use the same one.',
    ja: 'テキストをベクトルに変えるモデルを選びます。文書と質問には、必ず同じモデルが使われます。',
  },
  settings,
  settingTexts: {
    ...modelSettingTexts,
    model: { ...modelSettingTexts.model, widget: 'embedding-model' },
    prefixes: {
      title: { en: 'Prefixes', ja: '接頭辞' },
      description: {
        en: 'Many models expect a certain word in front of questions and documents. Well-known models get theirs automatically.',
        ja: '質問や文書の前に決まった語を必要とするモデルがあります。よく知られたモデルには自動で付きます。',
      },
      options: { auto: { en: 'Automatic', ja: '自動' }, custom: { en: 'Custom', ja: '自分で指定' } },
      advanced: true,
    },
    queryPrefix: {
      title: { en: 'Question prefix', ja: '質問の接頭辞' },
      description: { en: 'Used where prefixes are your own.', ja: '接頭辞を自分で指定するときに使います。' },
      advanced: true,
    },
    documentPrefix: {
      title: { en: 'Document prefix', ja: '文書の接頭辞' },
      description: { en: 'Used where prefixes are your own.', ja: '接頭辞を自分で指定するときに使います。' },
      advanced: true,
    },
    maximumTokens: {
      title: { en: 'Maximum tokens', ja: '最大トークン数' },
      description: {
        en: 'The longest text that the model takes. 0 takes what the host says.',
        ja: 'モデルが受け取れる最大の長さです。0 にするとホストの値を使います。',
      },
      advanced: true,
    },
  },
  headline: 'model',
  inputs: {},
  outputs: { model: port.embeddingModel() },
  resources: ['network'],
  /** The automatic prefixes follow from the name, which is not part of the identity, so the identity holds them. */
  async identify({ settings, context }) {
    const model = await inspectModel(context, settings, 'embedding');
    return {
      value: {
        ...(model.digest === null
          ? { unpinned: { host: settings.host, model: settings.model } }
          : { digest: model.digest }),
        prefixes: choosePrefixes(settings),
        maximumTokens: chooseMaximumTokens(settings, model),
      },
      covers: Object.keys(settings),
    };
  },
  async run({ settings, context }) {
    const found = await inspectModel(context, settings, 'embedding');
    const model: EmbeddingModelValue = {
      host: settings.host,
      name: settings.model,
      digest: found.digest,
      dimensions: found.dimensions ?? 0,
      maximumTokens: chooseMaximumTokens(settings, found),
      prefixes: choosePrefixes(settings),
    };
    return { model: found.dimensions === null ? await measureDimensions(model, context) : model };
  },
});

function choosePrefixes(settings: Settings): EmbeddingModelValue['prefixes'] {
  return settings.prefixes === 'auto'
    ? findPrefixes(settings.model)
    : { query: settings.queryPrefix, document: settings.documentPrefix };
}

function chooseMaximumTokens(settings: Settings, model: HostModel): number {
  return settings.maximumTokens > 0 ? settings.maximumTokens : (model.contextLength ?? assumedMaximumTokens);
}

/** OpenAI-compatible hosts do not tell how long their vectors are: one short text shows it. */
async function measureDimensions(model: EmbeddingModelValue, context: NodeContext): Promise<EmbeddingModelValue> {
  const [vector] = await context.models.embed(model, ['kumiki'], 'query');
  return { ...model, dimensions: vector?.length ?? 0 };
}
