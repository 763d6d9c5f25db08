import { defineArtifact, port } from '@kumiki/node-sdk';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { drawRag, TestBench } from './testing/bench.ts';

/** Learns from an index, in the words of a template: what it makes does not matter here. */
const tune = defineArtifact({
  type: 'finetune/test',
  version: 1,
  behaviour: 1,
  effect: 'pure',
  title: { en: 'Tune', ja: '学習' },
  description: { en: 'For tests.', ja: 'テスト用。' },
  settings: z.object({}),
  settingTexts: {},
  inputs: { index: port.index(), model: port.embeddingModel(), template: port.promptTemplate({ required: false }) },
  outputs: { text: port.text() },
  async make() {
    throw new Error('Nothing is made by looking.');
  },
});

const draw = (isTemplateWired = true) => {
  const flow = drawRag()
    .node('tune', 'finetune/test')
    .wire('index.index', 'tune.index')
    .wire('model.model', 'tune.model');
  return (isTemplateWired ? flow.wire('prompt.template', 'tune.template') : flow).build();
};

it('finds what would reach a node: artifacts that are there, models, and templates', async () => {
  const bench = new TestBench(tune);
  bench.files.set('a.txt', '一');
  const { build } = await bench.build(draw(), { only: ['index'] });
  const inputs = await bench.findInputs(draw(), 'tune');
  expect(inputs).toMatchObject({
    index: build.nodes.index?.outputs.index,
    model: { host: 'here' },
    template: { template: '{{passages}} {{question}}' },
  });
  expect(await bench.findInputs(draw(false), 'tune')).toMatchObject({ template: undefined });
});

it('makes nothing, and names the node whose artifact is missing', async () => {
  const bench = new TestBench(tune);
  bench.files.set('a.txt', '一');
  const refused = { code: 'not-built', node: 'index', status: 409 };
  await expect(bench.findInputs(draw(), 'tune')).rejects.toMatchObject(refused);
  await bench.build(draw(), { only: ['index'] });
  bench.files.set('b.txt', '二');
  await expect(bench.findInputs(draw(), 'tune')).rejects.toMatchObject(refused);
});
