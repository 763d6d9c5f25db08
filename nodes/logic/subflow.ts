import { defineNode } from '@kumiki/node-sdk';
import { z } from 'zod';
import { namedFlowRule, namedFlowSettings, namedFlowTexts } from './named-flow.ts';

/** Stands for a version of another flow. The planner puts that flow's nodes in its place, so it never runs itself. */
export const subflow = defineNode({
  type: 'logic/subflow',
  version: 1,
  behaviour: 1,
  effect: 'pure',
  title: { en: 'Subflow', ja: 'サブフロー' },
  description: {
    en: 'Uses another flow as a node: its inputs are wired here, and what reaches its output comes out. Its indexes are built along with this flow.',
    ja: '別のフローを 1 つの部品として使います。その入力に線をつなぐと、出力に届いた値が出てきます。中の索引は、このフローの構築時に一緒につくられます。',
  },
  settings: z.object(namedFlowSettings),
  settingTexts: namedFlowTexts,
  headline: 'output',
  inputs: {},
  outputs: {},
  portRules: [{ ...namedFlowRule, item: null }],
  async run({ context }) {
    throw new Error(`${context.node} was to be replaced by the flow that it names`);
  },
});
