import { ensureModel, qwen25Coder } from '@kumiki/models';
import { buildFlowDocument } from '@kumiki/testkit';
import { cacheFolder } from '@kumiki/testkit/cache-folder';
import { makeTemporaryFolder, startKumiki } from '@kumiki/testkit/kumiki-process';
import { buildFlow, createFlow, type KumikiSession, unwrap, uploadCollection } from '@kumiki/testkit/kumiki-session';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTaughtQuestions, writeChats } from '../taught-questions.ts';

describe('fine-tuning on a GPU', () => {
  let session: KumikiSession;
  const cleanUp: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    await ensureModel(qwen25Coder, { folder: cacheFolder('models') });
    const { folder, remove } = await makeTemporaryFolder();
    cleanUp.unshift(remove);
    const kumiki = await startKumiki({ dataFolder: folder });
    cleanUp.unshift(() => kumiki.stop());
    session = await kumiki.signIn();
    await uploadCollection(session, 'taught', { 'taught.jsonl': writeChats(await readTaughtQuestions()) });
  });
  afterAll(async () => {
    for (const step of cleanUp) await step();
  });

  it.each(['none', 'nf4'] as const)(
    'lowers the loss with the base held as %s, in the memory of the GPU',
    async (quantisation) => {
      const document = buildFlowDocument(`held as ${quantisation}`)
        .node('load', 'load/conversations', { collection: 'taught' })
        .node('data', 'dataset/from-conversations', { evaluationShare: 0 })
        .node('base', 'model/chat', { host: 'embedded', model: qwen25Coder.name })
        .node('tune', 'finetune/lora', { batchSize: 8, epochs: 20, learningRate: 0.001, quantisation })
        .wire('load.conversations', 'data.conversations')
        .wire('data.dataset', 'tune.dataset')
        .wire('base.model', 'tune.model')
        .build();
      const { end, events } = await buildFlow(session, (await createFlow(session, document)).id);
      expect(end.error).toBeNull();
      const points = events.flatMap((event) =>
        event.type === 'node-progress' && event.training?.type === 'points' ? event.training.points : [],
      );
      const losses = points.flatMap(({ loss }) => loss ?? []);
      expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) / 4);
      expect(Math.max(...points.map(({ deviceMemory }) => deviceMemory ?? 0))).toBeGreaterThan(0);
      const { items } = await unwrap(session.client.GET('/api/tuned-models', { params: { query: { limit: 1 } } }));
      expect(items[0]?.card.training).toMatchObject({ device: 'cuda' });
    },
  );
});
