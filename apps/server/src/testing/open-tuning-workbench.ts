import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FlowDocument } from '@kumiki/flow';
import type { CatalogueEntry } from '@kumiki/models';
import { defineNode, type Example, port } from '@kumiki/node-sdk';
import { buildFlowDocument } from '@kumiki/testkit';
import { type FakeBehaviour, fakeTrainer, tinyLlama, writeTinyGguf } from '@kumiki/training/testing';
import { z } from 'zod';
import type { TrainerSource } from '../training/trainings.ts';
import { openTestWorkbench, type TestWorkbench } from './open-test-workbench.ts';

const baseFile = writeTinyGguf(tinyLlama);
const sha256 = createHash('sha256').update(baseFile).digest('hex');

/** The only model of its catalogue: the fake host serves it, and the fake trainer trains it. */
export const baseDigest = `sha256:${sha256}`;

const entry: CatalogueEntry = {
  ...{ name: 'fake-chat', title: 'Fake', purpose: 'chat', bytes: baseFile.length, sha256, licence: 'Apache-2.0' },
  ...{ quantisation: 'F32', contextLength: 2_048, embedding: null, grade: 'small', languages: ['ja'], sources: [] },
};

/** A data set as settings say it, where the subject is what becomes of it. */
export const givenDataSet = defineNode({
  type: 'dataset/given',
  version: 1,
  behaviour: 1,
  effect: 'pure',
  title: { en: 'Given', ja: '既知' },
  description: { en: '', ja: '' },
  settings: z.object({ questions: z.array(z.string()) }),
  settingTexts: { questions: { title: { en: 'Questions', ja: '質問' } } },
  inputs: {},
  outputs: { dataset: port.dataset() },
  async run({ settings, context }) {
    const examples = settings.questions.map((question, place): Example => {
      const id = `chat-${place}`;
      const messages = [
        { role: 'user', content: question },
        { role: 'assistant', content: 'かしこまりました。' },
      ] as const;
      return { id, documents: [], group: id, split: 'train', messages, trained: [1], passages: null };
    });
    return { dataset: { ...(await context.datasets.write(examples)), report: [] } };
  },
});

/** A server whose trainer is a program that speaks the protocol and trains nothing. */
export async function openTuningWorkbench(
  behaviour: FakeBehaviour = {},
  source: Partial<TrainerSource> = {},
): Promise<TestWorkbench & { readonly starts: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'kumiki-tuning-'));
  const file = join(folder, 'fake-chat.gguf');
  await writeFile(file, baseFile);
  const starts = join(folder, 'starts');
  const trainer = fakeTrainer({ log: starts, ...behaviour });
  const opened = await openTestWorkbench({ KUMIKI_CACHE: join(folder, 'cache') }, [givenDataSet], {
    embedded: { listCatalogue: async () => [entry], modelFile: async () => file, findModelFile: async () => file },
    trainer: { open: async () => trainer, find: async () => trainer, ...source },
  });
  opened.host.changeDigest('fake-chat', baseDigest);
  return {
    ...opened,
    starts,
    async close() {
      await opened.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export const servingTemplate = { system: '店員です。', template: '質問：{{question}}' };

/** The base, tuned on the conversations of a collection, as they are. */
export function drawTunedOnConversations(collection: string) {
  return buildFlowDocument('Tuned on conversations')
    .node('load', 'load/conversations', { collection })
    .node('data', 'dataset/from-conversations')
    .node('chat', 'model/chat', { model: 'fake-chat' })
    .node('tune', 'finetune/lora')
    .node('question', 'input', { name: 'question' })
    .node('answer', 'generate/llm')
    .node('output', 'output', { name: 'answer' })
    .wire('load.conversations', 'data.conversations')
    .wire('data.dataset', 'tune.dataset')
    .wire('chat.model', 'tune.model')
    .wire('tune.model', 'answer.model')
    .wire('question.value', 'answer.prompt')
    .wire('answer.answer', 'output.value')
    .build();
}

/** The base, tuned on some questions, answers in the prompt that it was trained with. */
export function drawTuned(questions: readonly string[], settings: FlowDocument['nodes'][string]['settings'] = {}) {
  return buildFlowDocument('Tuned')
    .node('data', 'dataset/given', { questions: [...questions] })
    .node('chat', 'model/chat', { model: 'fake-chat' })
    .node('tune', 'finetune/lora', settings)
    .node('question', 'input', { name: 'question' })
    .node('prompt', 'prompt/template', servingTemplate)
    .node('answer', 'generate/llm')
    .node('output', 'output', { name: 'answer' })
    .wire('data.dataset', 'tune.dataset')
    .wire('chat.model', 'tune.model')
    .wire('prompt.template', 'tune.template')
    .wire('tune.model', 'answer.model')
    .wire('question.value', 'prompt.question')
    .wire('prompt.prompt', 'answer.prompt')
    .wire('answer.answer', 'output.value')
    .build();
}
