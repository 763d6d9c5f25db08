import { expect, test } from 'vitest';
import { fitFlow } from './fit-flow.ts';

const canvas = { width: 896, height: 620 };

test('a small flow is shown at 100%, not enlarged', () => {
  expect(fitFlow([{ left: 0, top: 0, right: 300, bottom: 200 }], canvas)?.zoom).toBe(1);
});

test('an empty flow has nothing to fit', () => {
  expect(fitFlow([], canvas)).toBeNull();
});

test('no node lies below the overview', () => {
  const boxes = [
    { left: 0, top: 0, right: 146, bottom: 82 },
    { left: 720, top: 450, right: 866, bottom: 550 },
  ];
  const view = fitFlow(boxes, canvas) ?? expect.unreachable();
  const last = boxes[1] ?? expect.unreachable();
  const isRight = last.right * view.zoom + view.x > canvas.width - 154;
  const isLow = last.bottom * view.zoom + view.y > canvas.height - 108;
  expect(isRight && isLow).toBe(false);
});
