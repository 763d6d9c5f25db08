import type { SettingText } from '@kumiki/flow';
import { z } from 'zod';

/** Settings of the nodes that set examples aside to measure on, with their texts. */
export const evaluationSettings = {
  evaluationShare: z.number().min(0).max(0.9).default(0.1),
  seed: z.int().min(0).max(2_147_483_647).default(1),
};

export const evaluationSettingTexts = {
  evaluationShare: {
    title: { en: 'Share for evaluation', ja: '評価用の割合' },
    description: {
      en: 'Whole conversations are set aside to measure on and never learnt. Adding conversations moves none from one side to the other.',
      ja: '会話ごとに取り分け、学習には使わず評価に使います。会話を追加しても、すでに分けたものは移動しません。',
    },
    widget: 'slider',
  },
  seed: {
    title: { en: 'Seed', ja: 'シード値' },
    description: {
      en: 'Another number sets other conversations aside.',
      ja: '値を変えると、取り分ける会話が変わります。',
    },
    advanced: true,
  },
} as const satisfies Record<string, SettingText>;
