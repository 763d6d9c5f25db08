import { describe, expect, it } from 'vitest';
import { createEmbeddingLanes } from './embedding-lanes.ts';
import type { LlamaModel, Token } from './llama-types.ts';

const signal = new AbortController().signal;

/** A model that turns each character into a token, and tokens into [how many, the first one's number]. */
function createModel() {
  const evaluated: number[][] = [];
  const gates: (() => void)[] = [];
  let held = false;
  const model = {
    trainContextSize: 12,
    embeddingVectorSize: 2,
    tokens: { bos: 1 as Token },
    tokenize: (text: string) => [...text].map((character) => character.charCodeAt(0) as Token),
    createEmbeddingContext: async () => ({
      getEmbeddingFor: async (tokens: readonly Token[]) => {
        evaluated.push([...tokens]);
        if (held) await new Promise<void>((resolve) => gates.push(resolve));
        return { vector: [tokens.length, tokens[0] ?? 0] };
      },
      dispose: async () => undefined,
    }),
  } as unknown as LlamaModel;
  const letOneThrough = async (): Promise<void> => {
    while (gates.length === 0) await Promise.resolve();
    gates.shift()?.();
  };
  return {
    model,
    evaluated,
    hold: () => {
      held = true;
    },
    letOneThrough,
  };
}

describe('createEmbeddingLanes', () => {
  it('gives unit vectors in the order of the texts, whichever lane made them', async () => {
    const { model } = createModel();
    const lanes = createEmbeddingLanes(model, 3);
    const texts = ['a', 'bb', 'ccc', 'dddd', 'eeeee'];
    const { vectors, tokens } = await lanes.embed(texts, signal);
    expect(tokens).toBe(15);
    texts.forEach((text, index) => {
      const [x, y] = [text.length, text.charCodeAt(0)];
      expect(vectors[index * 2]).toBeCloseTo(x / Math.hypot(x, y), 6);
      expect(vectors[index * 2 + 1]).toBeCloseTo(y / Math.hypot(x, y), 6);
    });
  });

  it('embeds a text that is too long in windows, weighted by their tokens', async () => {
    const { model, evaluated } = createModel();
    const { vectors } = await createEmbeddingLanes(model, 1).embed(['aaaaaaaabb'], signal);
    expect(evaluated.map((tokens) => tokens.length)).toEqual([8, 2]);
    const [x, y] = [8 * 8 + 2 * 2, 8 * 97 + 2 * 98];
    expect(vectors[0]).toBeCloseTo(x / Math.hypot(x, y), 6);
  });

  it('embeds an empty text as the mark of a beginning', async () => {
    const { model, evaluated } = createModel();
    await createEmbeddingLanes(model, 1).embed([''], signal);
    expect(evaluated).toEqual([[1]]);
  });

  it('lets a question take its turn in the middle of a batch', async () => {
    const { model, evaluated, hold, letOneThrough } = createModel();
    const lanes = createEmbeddingLanes(model, 1);
    await lanes.embed(['warm'], signal);
    hold();
    const batch = lanes.embed(['a', 'b', 'c', 'd'], signal);
    const question = lanes.embed(['q'], signal);
    for (let text = 0; text < 3; text += 1) await letOneThrough();
    await question;
    expect(evaluated.slice(1).map(([first]) => String.fromCharCode(first ?? 0))).toContain('q');
    expect(evaluated.length).toBeLessThan(6);
    for (let text = 0; text < 2; text += 1) await letOneThrough();
    await batch;
  });

  it('drops the rest of a batch whose caller has gone', async () => {
    const { model, evaluated, hold, letOneThrough } = createModel();
    const lanes = createEmbeddingLanes(model, 1);
    await lanes.embed(['warm'], signal);
    hold();
    const controller = new AbortController();
    const batch = lanes.embed(['a', 'b', 'c', 'd'], controller.signal);
    const gone = expect(batch).rejects.toThrow('gone');
    while (evaluated.length < 2) await Promise.resolve();
    controller.abort(new Error('gone'));
    await letOneThrough();
    await gone;
    expect(evaluated).toHaveLength(2);
  });
});
