import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { KeptCurve } from './kept-curve.ts';
import { makeTrainingFolder } from './testing/training-folder.ts';

const point = (step: number, loss: number) => ({ event: 'point', step, loss }) as const;

it('goes on after a process that died in the middle of a line, with what was told anew', async () => {
  await using place = await makeTrainingFolder();
  const file = path.join(place.folder, 'curve.jsonl');
  const first = await KeptCurve.open(file);
  for (const step of [1, 2, 3]) first.add(point(step, step));
  await first.close();
  await appendFile(file, '{"step":4,"lo');
  const second = await KeptCurve.open(file);
  second.goOnFrom(2);
  expect(second.points.map(({ step }) => step)).toEqual([1, 2]);
  second.add(point(3, 30));
  second.add({ event: 'point', step: 3, evaluationLoss: 5 });
  await second.close();
  const third = await KeptCurve.open(file);
  expect(third.points).toEqual([
    { step: 1, loss: 1 },
    { step: 2, loss: 2 },
    { step: 3, loss: 30, evaluationLoss: 5 },
  ]);
  await third.close();
});

it('keeps a long training in few points, with its ends and all evaluations', async () => {
  await using place = await makeTrainingFolder();
  const curve = await KeptCurve.open(path.join(place.folder, 'curve.jsonl'));
  for (let step = 1; step <= 10_000; step += 1) curve.add(point(step, 1 / step));
  curve.add({ event: 'point', step: 777, evaluationLoss: 1 });
  const { points } = curve;
  await curve.close();
  expect(points.length).toBeLessThan(520);
  expect(points.at(0)?.step).toBe(1);
  expect(points.at(-1)?.step).toBe(10_000);
  expect(points.find(({ step }) => step === 777)).toMatchObject({ evaluationLoss: 1 });
});
