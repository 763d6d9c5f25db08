import { readFile } from 'node:fs/promises';
import { writeChat } from '@kumiki/testkit/write-chat';
import { expect, it } from 'vitest';
import { freeze, runToEnd } from '../testing/measure-arms.ts';
import { drawTunedOnConversations, openTuningWorkbench } from '../testing/open-tuning-workbench.ts';

it('new facts reach a model that retrieves nothing by training it again, which is measured and leaves no trace', async (context) => {
  const test = await openTuningWorkbench();
  context.onTestFinished(() => test.close());
  const collection = (await test.call('POST', '/api/collections', { name: '会話' })).body.id;
  const chats = [1, 2, 3].map((number) => writeChat(`第${number}番の品物の送料はいくらですか`, `${number}00円です。`));
  await test.fetch(`/api/collections/${collection}/files/chats.jsonl`, { method: 'PUT', body: chats.join('') });
  const document = drawTunedOnConversations('会話');
  const flow = (await test.call('POST', '/api/flows', { document })).body.id;
  const { run } = (await test.call('POST', `/api/flows/${flow}/builds`, {})).body;
  expect((await test.followRun(run)).at(-1)?.event).toMatchObject({ state: 'succeeded' });
  const countTrainings = async () => (await readFile(test.starts, 'utf8')).trimEnd().split('\n').length;
  const trainedOnce = await countTrainings();

  const questionSet = await freeze(test, [{ question: '返品はいつまでですか', reference: '14日以内' }]);
  const measure = async (retrain: boolean) => {
    const probe = {
      collection,
      documents: [{ name: 'new.jsonl', text: writeChat('第20番の品物の送料はいくらですか', '2000円です。') }],
      questions: [{ question: '第20番の品物を送るといくらかかりますか', reference: '2000円' }],
      retrain,
    };
    const arms = [{ flow, version: 1, build: 1, output: 'answer' }];
    const { id } = await runToEnd(test, { arms, questionSet, primary: 'containment', probe });
    return (await test.call('GET', `/api/experiments/${id}/report`)).body.facts[0];
  };
  expect(await measure(false)).toMatchObject({ newFacts: null });
  expect(await countTrainings()).toBe(trainedOnce);

  expect(await measure(true)).toMatchObject({
    newFacts: {
      ...{ kind: 'measured', retrains: true, asked: 1, known: 0, seconds: expect.any(Number) },
      work: { cpuSeconds: null, gpuSeconds: null },
    },
    preparation: { gpuSeconds: 0 },
  });
  expect(await countTrainings()).toBeGreaterThan(trainedOnce);
  expect((await test.call('GET', `/api/collections/${collection}/files`)).body.items).toHaveLength(1);
  expect((await test.call('GET', `/api/flows/${flow}/builds`)).body.items).toHaveLength(1);
});
