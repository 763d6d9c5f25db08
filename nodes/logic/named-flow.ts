import type { PortRule, SettingText } from '@kumiki/flow';
import { z } from 'zod';

/** Which version of which flow, and which of its outputs: the same for every node that names one. */
export const namedFlowSettings = {
  flow: z.string().min(1).max(64),
  version: z.int().min(1),
  output: z.string().min(1).max(64).default('answer'),
} as const;

export const namedFlowTexts = {
  flow: {
    title: { en: 'Flow', ja: 'フロー' },
    description: {
      en: 'A flow of this workspace. Its inputs become inputs of this node.',
      ja: 'このワークスペースのフローです。その入力が、この部品の入力になります。',
    },
  },
  version: {
    title: { en: 'Version', ja: '版' },
    description: {
      en: 'A version never changes, so this node goes on doing the same until another is chosen here.',
      ja: '版の内容は変わりません。ここで別の版を選ぶまで、この部品の動きも変わりません。',
    },
  },
  output: {
    title: { en: 'Output', ja: '出力' },
    description: {
      en: 'The name of the output whose value this node gives.',
      ja: '値を受け取る出力の名前です。',
    },
  },
} as const satisfies Record<keyof typeof namedFlowSettings, SettingText>;

export const namedFlowRule = {
  rule: 'named-flow',
  flow: 'flow',
  version: 'version',
  output: 'output',
} as const satisfies Omit<Extract<PortRule, { rule: 'named-flow' }>, 'item'>;
