import { expect, it } from 'vitest';
import { freeze, runToEnd } from '../testing/measure-arms.ts';
import { drawTuned, openTuningWorkbench } from '../testing/open-tuning-workbench.ts';
import { drawChat } from '../testing/sample-flows.ts';

const long = '先月の十日に注文した青い傘がまだ届いていないので、配送の状況を調べて教えていただけますか';

it('leaves questions out of the comparison that an arm’s model was trained on, unless it is asked not to', async (context) => {
  const test = await openTuningWorkbench();
  context.onTestFinished(() => test.close());
  const build = async (document: object) => {
    const flow = (await test.call('POST', '/api/flows', { document })).body.id;
    const { run } = (await test.call('POST', `/api/flows/${flow}/builds`, {})).body;
    expect((await test.followRun(run)).at(-1)?.event).toMatchObject({ state: 'succeeded' });
    return { flow, version: 1, build: 1, output: 'answer' };
  };
  const arms = [await build(drawChat()), { ...(await build(drawTuned(['送料は？', long]))), name: 'tuned' }];
  const asked = ['送料は?', long.replace('先月', '前月'), '返品の期限はいつですか'];
  const questionSet = await freeze(
    test,
    asked.map((question) => ({ question, reference: question })),
  );
  const settings = { arms, questionSet, primary: 'containment' };
  const { body: checked } = await test.call('POST', '/api/experiments/check', { name: 'x', ...settings });
  expect(checked.trained).toEqual([
    { arm: 'arm-1', exact: 0, near: 0 },
    { arm: 'arm-2', exact: 1, near: 1 },
  ]);

  const { id } = await runToEnd(test, settings);
  const { body: report } = await test.call('GET', `/api/experiments/${id}/report`);
  const warned = report.warnings.find(({ code }: { code: string }) => code === 'trained-on-questions');
  expect(warned).toMatchObject({ arms: ['arm-2'], message: { ja: expect.stringContaining('「tuned」') } });
  expect(report.counts.leftOut).toMatchObject([{ reason: 'overlaps-training', arm: 'arm-2', count: 2, rows: [1, 2] }]);
  const measured = (of: { comparison: { arms: { measured: number }[] } }) =>
    of.comparison.arms.map((arm) => arm.measured);
  expect(measured(report)).toEqual([3, 1]);
  expect(report.arms).toMatchObject([
    { kind: 'base', trained: [], diskBytes: 0 },
    {
      kind: 'tuned',
      trained: [
        {
          ...{ node: 'tune', steps: 4 },
          losses: [1, 2, 3, 4].map((step) => ({ step, loss: 2 / step, evaluationLoss: step === 4 ? 0.25 : null })),
        },
      ],
    },
  ]);
  expect(report.facts[1]).toMatchObject({ preparation: { seconds: expect.any(Number) }, newFacts: null });
  // Another model is another thing to load: one question for each, that nobody counts.
  const warmUps = test.host.chatRequests.filter(({ messages }) => messages.at(-1)?.content.includes('Kumiki: 1 + 1'));
  expect(warmUps).toHaveLength(2);

  const { id: whole } = await runToEnd(test, { ...settings, includeTrained: true });
  expect(measured((await test.call('GET', `/api/experiments/${whole}/report`)).body)).toEqual([3, 3]);
});
