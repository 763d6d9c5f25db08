import type { Example } from '@kumiki/node-sdk';
import { MemoryDataSets } from '@kumiki/testkit';
import { describe, expect, it } from 'vitest';
import { createFakeContext } from '../testing/fake-context.ts';
import { asDataSet, makeArtifact } from '../testing/make-artifact.ts';
import { indexSample, makeExample, makePassage } from '../testing/samples.ts';
import { choosePassages } from './choose-passages.ts';
import { dataSetWithPassages } from './with-passages.ts';

const answer = '送料は全国一律で 500 円です。';
const example = makeExample('1', {
  documents: ['load/talks.json'],
  messages: [
    { role: 'user', content: '送料はいくらですか？' },
    { role: 'assistant', content: answer },
  ],
});
const right = makePassage(`配送について。${answer}離島も同じです。`, { ordinal: 1 });
const others = ['返品は14日以内です。', '営業時間は9時からです。', '支払いはカードのみです。'].map((text, place) =>
  makePassage(text, { ordinal: place + 2 }),
);
const settings = { passages: 3, rightShare: 1, overlap: 0.4, seed: 1 };

describe('choosing passages', () => {
  it('gives the right one among the best ranked of the others', () => {
    const { passages, right: found } = choosePassages(
      example,
      [...others.slice(0, 2), right, ...others.slice(2)],
      settings,
    );
    expect(found).toBe('given');
    expect(passages).toHaveLength(3);
    expect(passages).toContain(right);
    expect(passages).not.toContain(others[2]);
  });

  it('holds it back from so many examples as the share says, and never gives another right one instead', () => {
    const second = makePassage(`お知らせ：${answer}`, { ordinal: 9 });
    const count = (rightShare: number) =>
      Array.from({ length: 400 }, (_, place) =>
        choosePassages({ ...example, id: `${place}` }, [right, second, ...others], { ...settings, rightShare }),
      ).filter(({ passages }) => passages.some(({ text }) => text.includes(answer))).length;
    expect(count(1)).toBe(400);
    expect(count(0)).toBe(0);
    expect(count(0.7) / 400).toBeCloseTo(0.7, 1);
  });

  it('does not always put it first', () => {
    const places = new Set(
      Array.from({ length: 50 }, (_, place) =>
        choosePassages({ ...example, id: `${place}` }, [right, ...others], settings).passages.indexOf(right),
      ),
    );
    expect([...places].toSorted()).toEqual([0, 1, 2]);
  });

  it('never gives an example itself away', () => {
    const own = makePassage(`佐藤: 送料はいくらですか？\n窓口: ${answer}`, { documentId: 'load/talks.json' });
    expect(choosePassages(example, [own, ...others], settings)).toMatchObject({
      right: 'unknown',
      passages: [{}, {}, {}],
    });
    const elsewhere = { ...own, documentId: 'load/faq.md' };
    expect(choosePassages(example, [elsewhere, ...others], settings)).toMatchObject({ right: 'given' });
  });
});

describe('dataset/with-passages', () => {
  it('asks the index for the last question, and notes whose texts an example now holds', async () => {
    const datasets = new MemoryDataSets();
    const asked: string[] = [];
    const unanswered = makeExample('2', {
      messages: [
        { role: 'user', content: '天気は？' },
        { role: 'assistant', content: 'わかりません。' },
      ],
    });
    const context = createFakeContext({
      datasets,
      models: { embed: async (_, texts) => texts.map(() => Float32Array.of(1, 0, 0)) },
      index: {
        searchBoth: async (at, { text }) => {
          asked.push(`${at.lineage} ${at.generation} ${text}`);
          return [right, ...others].map(({ scores: _, ...passage }, place) => ({
            ...passage,
            chunkId: place,
            score: 0,
            cosine: 0.9 - place / 10,
            bm25: 9 - place,
          }));
        },
      },
    });
    const before = { ...(await datasets.write([example, unanswered])), report: [] };
    const { outputs } = await makeArtifact(dataSetWithPassages, {
      settings: { passages: 2, rightShare: 1 },
      inputs: { dataset: before, index: indexSample },
      context,
    });
    const dataset = asDataSet(outputs.dataset);
    const after: Example[] = await Array.fromAsync(datasets.read(dataset));
    expect(asked).toEqual(['lineage 7 送料はいくらですか?', 'lineage 7 天気は?']);
    expect(after[0]?.passages?.map(({ text }) => text)).toContain(right.text);
    expect(after[0]?.documents).toEqual(['load/talks.json', 'load/faq.md']);
    expect(after[1]?.passages).toHaveLength(2);
    expect(dataset.report.map(({ code, count }) => [code, count])).toEqual([
      ['passages-given', 1],
      ['passages-unknown', 1],
    ]);
  });
});
