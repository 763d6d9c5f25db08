import type { SettingText } from '@kumiki/flow';
import { z } from 'zod';

/** Settings that the retrievers have in common, with their texts. */
export const limitSetting = z.int().min(1).max(100).default(8);
export const perDocumentSetting = z.int().min(0).max(100).default(0);
export const minimumCosineSetting = z.number().min(0).max(1).default(0);

export const retrieveSettingTexts = {
  limit: {
    title: { en: 'Passages', ja: '抜粋の数' },
    description: { en: 'The most passages that are handed on.', ja: '次の部品に渡す抜粋の最大数です。' },
  },
  perDocument: {
    title: { en: 'At most from one document', ja: '1 文書からの最大数' },
    description: {
      en: 'Keeps one long document from filling all places. 0 sets no limit.',
      ja: '長い文書が結果を占めるのを防ぎます。0 にすると制限しません。',
    },
    advanced: true,
  },
  minimumCosine: {
    title: { en: 'Minimum similarity (cosine)', ja: '最低類似度（コサイン）' },
    description: {
      en: 'Where even the best passage is less similar, none is handed on, and the arm says that it does not know. 0 switches it off. What is a good value depends on the embedding model.',
      ja: '最も近い抜粋でもこの値に届かないときは、抜粋を渡さず、案は「分からない」と答えます。0 にすると使いません。適した値は埋め込みモデルによって異なります。',
    },
  },
} as const satisfies Record<string, SettingText>;
