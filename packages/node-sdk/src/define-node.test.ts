import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { defineNode } from './define-node.ts';
import { port } from './port.ts';

const shared = {
  version: 1,
  behaviour: 1,
  effect: 'pure',
  title: { en: 'Echo', ja: 'そのまま' },
  description: { en: 'Repeats.', ja: '繰り返します。' },
  settings: z.object({ times: z.int().min(1).default(1) }),
  settingTexts: { times: { title: { en: 'Times', ja: '回数' } } },
  inputs: { text: port.text(), hint: port.text({ required: false }) },
  outputs: { text: port.text() },
} as const;

describe('defineNode', () => {
  it('describes the node as plain JSON', () => {
    const node = defineNode({
      ...shared,
      type: 'prompt/echo',
      async run({ settings, inputs }) {
        expectTypeOf(inputs.text).toEqualTypeOf<string>();
        expectTypeOf(inputs.hint).toEqualTypeOf<string | undefined>();
        return { text: inputs.text.repeat(settings.times) };
      },
    });
    expect(JSON.parse(JSON.stringify(node.description))).toEqual(node.description);
    expect(node.description.family).toBe('prompt');
    expect(node.description.inputs.hint?.required).toBe(false);
  });

  it('does not compile a run that puts out another kind', () => {
    defineNode({
      ...shared,
      type: 'prompt/wrong',
      // @ts-expect-error a text port cannot carry a number
      async run() {
        return { text: 1 };
      },
    });
  });
});
