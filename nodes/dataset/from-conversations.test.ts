import type { Conversation, StreamElement } from '@kumiki/node-sdk';
import { MemoryDataSets } from '@kumiki/testkit';
import { describe, expect, it } from 'vitest';
import { createFakeContext } from '../testing/fake-context.ts';
import { asDataSet, makeArtifact, makeElement, makeSource } from '../testing/make-artifact.ts';
import { makeConversation } from '../testing/samples.ts';
import { dataSetFromConversations } from './from-conversations.ts';

async function make(
  elements: readonly StreamElement<Conversation>[],
  settings: Readonly<Record<string, unknown>> = {},
) {
  const datasets = new MemoryDataSets();
  const { outputs, contents } = await makeArtifact(dataSetFromConversations, {
    settings,
    inputs: { conversations: makeSource(elements) },
    context: createFakeContext({ datasets }),
  });
  const dataset = asDataSet(outputs.dataset);
  const examples = await Array.fromAsync(datasets.read(dataset));
  return { dataset, examples, contents, notes: new Map(dataset.report.map((note) => [note.code, note])) };
}

const talk = (id: string, ...lines: string[]) => makeConversation(id, lines, { line: Number(id) || null });

describe('dataset/from-conversations', () => {
  it('makes examples, knows where each came from, and says who the assistant is', async () => {
    const { dataset, examples, contents, notes } = await make(
      [
        makeElement('load/b.json', [
          talk(
            '1',
            'operator_1: いらっしゃいませ',
            'customer_1: 送料は？',
            'operator_1: 500円です。',
            'operator_1: 離島は別です。',
          ),
        ]),
        makeElement('load/a.json', [talk('1', 'customer_9: 返品は？', 'operator_2: できます。')]),
      ],
      { evaluationShare: 0 },
    );
    expect(examples).toEqual([
      {
        id: 'load/b.json#1/1',
        documents: ['load/b.json'],
        group: 'load/b.json#1',
        split: 'train',
        messages: [
          { role: 'user', content: '送料は？' },
          { role: 'assistant', content: '500円です。\n離島は別です。' },
        ],
        trained: [1],
        passages: null,
      },
      expect.objectContaining({ id: 'load/a.json#1/1' }),
    ]);
    expect(contents).toEqual([
      { id: 'load/a.json', contentHash: 'hash of load/a.json' },
      { id: 'load/b.json', contentHash: 'hash of load/b.json' },
    ]);
    expect(dataset.examples).toEqual({ train: 2, evaluation: 0 });
    expect(notes.get('assistant')).toMatchObject({
      count: 2,
      message: { ja: 'アシスタント役（名前から判断）：operator_1, operator_2' },
    });
    expect(notes.get('merged')?.count).toBe(1);
    expect(notes.get('opening')?.count).toBe(1);
    expect(notes.get('statistics')?.message.ja).toContain('学習する回答は 2 件');
  });

  it('lists every row that is left out with its line and reason', async () => {
    const long = 'あ'.repeat(3_000);
    const read = makeElement('load/a.jsonl', [
      talk('1', 'user: 送料は？', 'assistant: 500円です。'),
      talk('3', 'assistant: こんにちは'),
      talk('4', 'user: もしもし'),
      talk('5', `user: ${long}`, 'assistant: はい'),
      talk('6', 'user: 送料は?', 'assistant: ５００円です'),
      talk('7', 'user: 空', 'assistant:  '),
    ]);
    const unreadable = [{ line: 2, reason: { en: 'It is not valid JSON.', ja: 'JSON として正しくありません。' } }];
    const failed = {
      document: { id: 'load/b.jsonl', name: 'b' },
      error: { code: 'x', message: { en: 'Damaged.', ja: '壊れています。' }, retryable: false, node: null, path: null },
    };
    const { examples, dataset } = await make([{ ...read, unreadable }, failed], { evaluationShare: 0 });
    expect(examples.map(({ id }) => id)).toEqual(['load/a.jsonl#1/1']);
    const places = dataset.report.flatMap(({ code, places: listed }) =>
      listed.map(({ document, line }) => `${code} ${document} ${line}`),
    );
    expect(places.toSorted()).toEqual([
      'document-unreadable load/b.jsonl null',
      'duplicate load/a.jsonl 6',
      'no-answer load/a.jsonl 3',
      'no-answer load/a.jsonl 4',
      'no-answer load/a.jsonl 7',
      'row-unreadable load/a.jsonl 2',
      'too-long load/a.jsonl 5',
    ]);
  });

  it('leaves out near duplicates only where that is asked for', async () => {
    const answer =
      'ご注文ありがとうございます。お届けまで通常 3 日から 5 日ほどいただいております。離島はさらに 2 日ほどかかります。';
    const element = makeElement('a', [
      talk('1', 'user: いつ届く', `assistant: ${answer}`),
      talk('2', 'user: いつ届く', `assistant: ${answer}よろしく`),
    ]);
    const count = async (duplicates: string) =>
      (await make([element], { duplicates, evaluationShare: 0 })).examples.length;
    expect([await count('near'), await count('exact'), await count('keep')]).toEqual([1, 2, 2]);
  });

  it('begins another conversation where nobody spoke for long, and keeps both on one side of the split', async () => {
    const morning = makeConversation('1', ['user: 朝の話', 'assistant: はい朝です'], { at: '2024-01-05T10:00:00Z' });
    const evening = makeConversation('1', ['user: 夜の話', 'assistant: はい夜です'], { at: '2024-01-05T20:00:00Z' });
    const both = { ...morning, utterances: [...morning.utterances, ...evening.utterances] };
    const others = Array.from({ length: 9 }, (_, place) =>
      talk(`9${place}`, `user: ${place}`, `assistant: 答え${place}`),
    );
    const messagesOf = async (gapMinutes: number) => {
      const { examples } = await make([makeElement('a', [both, ...others])], { gapMinutes, evaluationShare: 0.3 });
      const own = examples.filter(({ group }) => group === 'a#1');
      expect(new Set(own.map(({ split }) => split)).size).toBe(1);
      return own.map(({ messages }) => messages.length);
    };
    expect(await messagesOf(240)).toEqual([2, 2]);
    expect(await messagesOf(0)).toEqual([4]);
  });

  it('asks who the assistant is where it cannot tell, and says what was wrong where nothing is left', async () => {
    const unclear = make([makeElement('a', [talk('1', '佐藤: a', '山田: b')])]);
    await expect(unclear).rejects.toMatchObject({
      code: 'assistant-unclear',
      text: { ja: expect.stringContaining('佐藤 (1 件), 山田 (1 件)') },
    });
    const named = await make([makeElement('a', [talk('1', '佐藤: a', '山田: b')])], { assistant: '山田' });
    expect(named.examples[0]?.messages.map(({ content }) => content)).toEqual(['a', 'b']);
    const empty = make([makeElement('a', [talk('1', 'user: もしもし')])], { assistant: '山田' });
    await expect(empty).rejects.toMatchObject({
      code: 'dataset-empty',
      text: { en: expect.stringContaining('no answer of the assistant') },
    });
  });
});
