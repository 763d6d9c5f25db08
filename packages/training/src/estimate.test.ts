import { describe, expect, it } from 'vitest';
import { type EstimateInput, estimateMemory, estimateTraining } from './estimate.ts';
import type { ModelShape } from './model-shape.ts';
import { makeJob } from './testing/training-folder.ts';

const smolLm2: ModelShape = {
  ...{ parameters: 134_515_008, embedding: 49_152 * 576, tiedEmbeddings: true, layers: 30, hidden: 576 },
  ...{ feedForward: 1_536, attention: { queries: 576, values: 192 }, vocabulary: 49_152 },
};
const gemma3: ModelShape = {
  ...{ parameters: 268_098_176, embedding: 262_144 * 640, tiedEmbeddings: true, layers: 18, hidden: 640 },
  ...{ feedForward: 2_048, attention: { queries: 1_024, values: 256 }, vocabulary: 262_144 },
};
const eightBillion: ModelShape = {
  ...{ parameters: 8_030_261_248, embedding: 2 * 128_256 * 4_096, tiedEmbeddings: false, layers: 32, hidden: 4_096 },
  ...{ feedForward: 14_336, attention: { queries: 4_096, values: 1_024 }, vocabulary: 128_256 },
};

function makeInput(parts: Partial<EstimateInput> & { readonly tokens?: number; readonly trained?: number } = {}) {
  const { tokens = 512, trained = 256, ...rest } = parts;
  return {
    shape: smolLm2,
    settings: makeJob().settings,
    size: {
      rows: 100,
      tokens: 100 * tokens,
      trained: 100 * trained,
      longest: { tokens, trained },
      evaluation: { rows: 0, tokens: 0 },
    },
    precision: 'float32',
    machine: { device: 'cpu', free: 8e9 },
    converts: false,
    speed: 1e11,
    ...rest,
  } satisfies EstimateInput;
}

/** Peaks of real trainings: rank 16, all linear layers, rows of 512 tokens of which 256 count, one at a time. */
const measured: readonly (readonly [string, ModelShape, 'float32' | 'bfloat16', number])[] = [
  ['SmolLM2 135M', smolLm2, 'float32', 2_973],
  ['SmolLM2 135M', smolLm2, 'bfloat16', 2_004],
  ['Gemma 3 270M', gemma3, 'float32', 4_144],
  ['Gemma 3 270M', gemma3, 'bfloat16', 3_090],
];

describe('the memory that a training takes', () => {
  it.each(measured)('is never less than was measured and at most 30%% more: %s in %s', (_, shape, precision, peak) => {
    const estimate = estimateMemory(makeInput({ shape, precision })) / 2 ** 20;
    expect(estimate / peak).toBeGreaterThanOrEqual(1);
    expect(estimate / peak).toBeLessThanOrEqual(1.3);
  });

  it('is that of the conversion where that takes more: Qwen2.5 0.5B in bfloat16, on a processor', () => {
    const qwen: ModelShape = {
      ...{ parameters: 494_032_768, embedding: 151_936 * 896, tiedEmbeddings: true, layers: 24, hidden: 896 },
      ...{ feedForward: 4_864, attention: { queries: 896, values: 128 }, vocabulary: 151_936 },
    };
    const input = makeInput({ shape: qwen, precision: 'bfloat16', tokens: 60, trained: 20, converts: true });
    const peak = 4.4e9;
    expect(estimateMemory(input) / peak).toBeGreaterThanOrEqual(1);
    expect(estimateMemory(input) / peak).toBeLessThanOrEqual(1.3);
    expect(estimateMemory({ ...input, converts: false })).toBeLessThan(estimateMemory(input));
    const machine = { device: 'cuda', free: 24e9 } as const;
    expect(estimateMemory({ ...input, machine })).toBe(estimateMemory({ ...input, machine, converts: false }));
  });

  it('grows with the longest row, up to the limit of the settings', () => {
    const [short, long, tooLong] = [512, 1_024, 4_096].map((tokens) => estimateMemory(makeInput({ tokens })));
    expect(long).toBeGreaterThan(short ?? 0);
    expect(tooLong).toBe(long);
  });

  it('counts as many short rows as are computed at a time', () => {
    const settings = { ...makeJob().settings, batchSize: 2 };
    const two = estimateMemory(makeInput({ tokens: 64, trained: 32, settings }));
    const sixteen = estimateMemory(makeInput({ tokens: 64, trained: 32 }));
    expect(two).toBeLessThan(sixteen);
    expect(sixteen).toBe(estimateMemory(makeInput({ tokens: 512, trained: 256 })));
  });

  it('counts activations of one layer at a time where those of all would not fit', () => {
    const machine = { device: 'cpu', free: 2e9 } as const;
    expect(estimateMemory(makeInput({ machine }))).toBeLessThan(estimateMemory(makeInput()) * 0.7);
  });

  it('is about a quarter for weights of 4 bits', () => {
    const whole = makeInput({ shape: eightBillion, precision: 'bfloat16', tokens: 64, trained: 32 });
    const settings = { ...whole.settings, quantisation: 'nf4' } as const;
    const saved = estimateMemory(whole) - estimateMemory({ ...whole, settings });
    expect(saved / 2 ** 30).toBeGreaterThan(11);
  });
});

describe('the verdict', () => {
  it.each([
    [20, 'fits'],
    [1.1, 'tight'],
    [0.9, 'will-not-fit'],
  ])('with %d times what is needed: %s', (times, verdict) => {
    const settings = { ...makeJob().settings, batchSize: 1 };
    const short = { tokens: 8, trained: 4, settings };
    const needed = estimateMemory(makeInput(short));
    const machine = { device: 'cpu', free: needed * times } as const;
    expect(estimateTraining(makeInput({ ...short, machine }))).toMatchObject({ verdict, memory: { needed } });
  });
});

describe('the time that a training takes', () => {
  it.each([
    ['SmolLM2 135M in float32', smolLm2, 'float32', 8e10, 2.9],
    ['SmolLM2 135M in bfloat16', smolLm2, 'bfloat16', 1.4e11, 1.7],
    ['Gemma 3 270M in bfloat16', gemma3, 'bfloat16', 1.4e11, 2.4],
  ] as const)(
    'is within 30%% of what was measured, a step of 512 tokens: %s',
    (_, shape, precision, speed, seconds) => {
      const settings = { ...makeJob().settings, batchSize: 1, epochs: 1, evaluationsPerEpoch: 0 };
      const { seconds: all, steps } = estimateTraining(makeInput({ shape, precision, speed, settings }));
      expect(steps).toBe(100);
      expect((all - 15) / steps / seconds).toBeGreaterThan(0.7);
      expect((all - 15) / steps / seconds).toBeLessThan(1.3);
    },
  );

  it('counts evaluations, and steps by the effective batch', () => {
    const without = estimateTraining(makeInput());
    const size = { ...makeInput().size, evaluation: { rows: 100, tokens: 51_200 } };
    expect(estimateTraining(makeInput({ size })).seconds).toBeGreaterThan(without.seconds);
    expect(without.steps).toBe(Math.ceil(100 / 16) * 3);
  });
});
