import { describe, expect, it } from 'vitest';
import { addUpWork, readOwnWork, subtractWork, unknownWork } from './work.ts';

describe('what was worked', () => {
  it('is the sum of its parts, and not known where one part does not tell', () => {
    const [one, other] = [
      { processorSeconds: 1.5, deviceSeconds: 0 },
      { processorSeconds: 2, deviceSeconds: 3 },
    ];
    expect(addUpWork([one, other])).toEqual({ processorSeconds: 3.5, deviceSeconds: 3 });
    expect(addUpWork([one, { ...other, deviceSeconds: null }])).toEqual({ processorSeconds: 3.5, deviceSeconds: null });
    expect(addUpWork([one, unknownWork])).toEqual(unknownWork);
    expect(addUpWork([])).toEqual({ processorSeconds: 0, deviceSeconds: 0 });
  });

  it('is the difference of two readings, and not known where the second begins anew', () => {
    const before = { processorSeconds: 10, deviceSeconds: 1 };
    expect(subtractWork({ processorSeconds: 12, deviceSeconds: 1 }, before)).toEqual({
      processorSeconds: 2,
      deviceSeconds: 0,
    });
    expect(subtractWork({ processorSeconds: 3, deviceSeconds: 2 }, before)).toEqual({
      processorSeconds: null,
      deviceSeconds: 1,
    });
    expect(subtractWork(unknownWork, before)).toEqual(unknownWork);
  });

  it('is read of this process, and grows while it computes', () => {
    const before = readOwnWork();
    let sum = 0;
    while ((subtractWork(readOwnWork(), before).processorSeconds ?? 0) < 0.01) sum += Math.random();
    expect(sum).toBeGreaterThan(0);
    expect(before.processorSeconds).toBeGreaterThan(0);
  });
});
