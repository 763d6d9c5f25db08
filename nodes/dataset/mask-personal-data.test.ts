import type { Conversation, Document, PortValue, Stream, StreamElement } from '@kumiki/node-sdk';
import { MemoryDataSets } from '@kumiki/testkit';
import { describe, expect, it } from 'vitest';
import { createFakeContext } from '../testing/fake-context.ts';
import { asDataSet, makeArtifact, makeElement, makeSource } from '../testing/make-artifact.ts';
import { runNode } from '../testing/run-node.ts';
import { makeConversation } from '../testing/samples.ts';
import { dataSetFromConversations } from './from-conversations.ts';
import { maskPersonalData } from './mask-personal-data.ts';

/** The port's kind says what travels on it; a test takes it for that, as the next node would. */
const asStream = <Item>(value: PortValue | undefined) => value as Stream<Item>;

async function mask<Item extends Conversation | Document>(
  elements: readonly StreamElement<Item>[],
  settings: Readonly<Record<string, unknown>> = {},
) {
  const told: string[] = [];
  const context = { ...createFakeContext(), warn: ({ message }: { message: { ja: string } }) => told.push(message.ja) };
  const stream = makeSource(elements).read('all') as PortValue;
  const { items } = await runNode(maskPersonalData, { settings, inputs: { items: stream }, context });
  return { elements: await Array.fromAsync<StreamElement<Item>>(asStream<Item>(items)), told };
}

const talk = makeConversation('7', [
  '佐藤 花子: 佐藤です。電話は090-1234-5678です。',
  '担当 田中: 佐藤様、田中です。０９０ー１２３４ー５６７８におかけします。',
  'operator_1: 注文番号 0312345678 を確認しました。',
]);

describe('dataset/mask-personal-data', () => {
  it('masks what is said and who says it, the same by the same placeholder', async () => {
    const { elements } = await mask([makeElement('a', [talk])]);
    expect(elements).toMatchObject([
      {
        document: { metadata: { masked: { 氏名: 3, 電話番号: 2 } } },
        items: [
          {
            id: '7',
            utterances: [
              { speaker: '[氏名1]', text: '[氏名1]です。電話は[電話番号1]です。' },
              { speaker: '担当 [氏名2]', text: '[氏名1]様、[氏名2]です。[電話番号1]におかけします。' },
              { speaker: 'operator_1', text: '注文番号 0312345678 を確認しました。' },
            ],
          },
        ],
      },
    ]);
  });

  it('tells how much was masked with a preview, and never what stood there', async () => {
    const { told } = await mask([makeElement('a', [talk]), makeElement('b', [makeConversation('1', ['A: 天気です'])])]);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('個人情報を 5 か所で伏せました。');
    expect(told[0]).toContain('電話番号: 2  ([氏名1]です。電話は[電話番号1]です。 /');
    for (const secret of ['佐藤', '田中', '1234', '１２３４']) expect(told[0]).not.toContain(secret);
    expect((await mask([makeElement('b', [makeConversation('1', ['operator: 天気です'])])])).told).toEqual([]);
  });

  it('masks documents too: headings and pages keep their places', async () => {
    const text = '# 佐藤様へ\n電話 03-1234-5678\n## 料金\n500円';
    const document: Document = {
      text,
      headings: [
        { level: 1, title: '佐藤様へ', start: 0 },
        { level: 2, title: '料金', start: text.indexOf('## 料金') },
      ],
      pages: [{ page: 2, start: text.indexOf('500円') }],
    };
    const { elements } = await mask([makeElement('a', [document], { metadata: { title: '佐藤様へ' } })]);
    const [element] = elements;
    if (element === undefined || 'error' in element) throw new Error('not expected');
    const [masked] = element.items;
    expect(element.document.metadata.title).toBe('[氏名1]様へ');
    expect(masked?.text).toBe('# [氏名1]様へ\n電話 [電話番号1]\n## 料金\n500円');
    expect(masked?.headings).toEqual([
      { level: 1, title: '[氏名1]様へ', start: 0 },
      { level: 2, title: '料金', start: masked?.text.indexOf('## 料金') },
    ]);
    expect(masked?.pages).toEqual([{ page: 2, start: masked?.text.indexOf('500円') }]);
  });

  it('passes on what could not be read, and rows that were left out', async () => {
    const error = { code: 'x', message: { en: 'x', ja: 'x' }, retryable: false, node: null, path: null };
    const unreadable = [{ line: 2, reason: { en: 'x', ja: 'x' } }];
    const { elements } = await mask([
      { document: { id: 'b', name: 'b' }, error },
      { ...makeElement('a', [talk]), unreadable },
    ]);
    expect(elements).toMatchObject([{ error }, { unreadable }]);
  });

  it('takes own names and patterns, and refuses a pattern that is none', async () => {
    const said = makeConversation('1', ['A: 会員 K-123 の青葉荘と山田様']);
    const settings = { listed: '青葉荘', kept: '山田', patterns: [{ label: '会員番号', pattern: 'K-[0-9]+' }] };
    const { elements } = await mask([makeElement('a', [said])], settings);
    expect(elements).toMatchObject([{ items: [{ utterances: [{ text: '会員 [会員番号1] の[氏名1]と山田様' }] }] }]);
    expect(maskPersonalData.settings.safeParse({ patterns: [{ label: 'x', pattern: '(' }] }).success).toBe(false);
  });

  it('is told of in the report of a data set that is made of it', async () => {
    const { elements } = await mask([
      makeElement('a', [makeConversation('1', ['user: 03-1234-5678です', 'assistant: はい'])]),
    ]);
    const { outputs } = await makeArtifact(dataSetFromConversations, {
      inputs: { conversations: makeSource(elements) },
      context: createFakeContext({ datasets: new MemoryDataSets() }),
    });
    expect(asDataSet(outputs.dataset).report).toContainEqual({
      code: 'masked',
      message: { en: 'Masked: 電話番号.', ja: '伏せた個人情報：電話番号' },
      count: 1,
      places: [],
    });
  });
});
