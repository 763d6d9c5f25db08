import { describe, expect, it } from 'vitest';
import { makePassage } from '../testing/samples.ts';
import { resolveCitations } from './citations.ts';
import { readUnits } from './sentence-support.ts';
import { splitSentences } from './split-sentences.ts';

const passages = [
  makePassage('返品は商品到着後 14 日以内に受け付けます。送料はお客様のご負担です。', {
    documentId: 'load/返品.md',
    documentName: '返品.md',
    headings: ['返品', '期限'],
    page: 2,
    start: 40,
    end: 75,
  }),
  makePassage('会員登録は無料です。退会はマイページの「設定」からいつでもお手続きいただけます。', {
    documentId: 'load/会員.md',
    documentName: '会員.md',
  }),
  makePassage('Premium members get free shipping on every order above 5,000 yen.', {
    documentId: 'load/en.md',
    documentName: 'en.md',
  }),
];

describe('citations by marker', () => {
  it('tells document, place and the sentence that fits best', () => {
    const answer = '返品できるのは到着から 14 日以内です[1]。送料は自分で払います。';
    const { text, citations } = resolveCitations(answer, passages);
    expect(text).toBe(answer);
    expect(citations).toEqual([
      {
        number: 1,
        kind: 'marker',
        documentId: 'load/返品.md',
        documentName: '返品.md',
        headings: ['返品', '期限'],
        page: 2,
        start: 40,
        end: 75,
        text: passages[0]?.text,
        quote: '返品は商品到着後 14 日以内に受け付けます。',
        answerStart: 20,
        answerEnd: 23,
      },
    ]);
  });

  it('cites with a marker after the full stop what stands before it', () => {
    const { citations } = resolveCitations('到着後 14 日以内です。送料はお客様のご負担です。[1]', passages);
    expect(citations.map(({ quote }) => quote)).toEqual(['送料はお客様のご負担です。']);
  });

  it('removes what points nowhere and keeps the rest', () => {
    const { text, citations } = resolveCitations('退会はいつでもできます [2, 8]。電話は要りません [5]。', passages);
    expect(text).toBe('退会はいつでもできます [2]。電話は要りません。');
    expect(citations.map(({ number, answerStart, answerEnd }) => [number, text.slice(answerStart, answerEnd)])).toEqual(
      [[2, '[2]']],
    );
  });
});

describe('citations by sentence', () => {
  it('cites for each sentence the one passage that carries it, and nothing for the others', () => {
    const { text, citations } = resolveCitations(
      '会員登録は無料です。お気軽にお問い合わせください。返品は商品到着後14日以内に受け付けています。',
      passages,
    );
    expect(
      citations.map(({ kind, number, quote, answerStart, answerEnd }) => ({
        kind,
        number,
        quote,
        sentence: text.slice(answerStart, answerEnd),
      })),
    ).toEqual([
      { kind: 'sentence', number: 2, quote: '会員登録は無料です。', sentence: '会員登録は無料です。' },
      {
        kind: 'sentence',
        number: 1,
        quote: '返品は商品到着後 14 日以内に受け付けます。',
        sentence: '返品は商品到着後14日以内に受け付けています。',
      },
    ]);
  });

  it('falls back to sentences where every marker pointed nowhere', () => {
    const { text, citations } = resolveCitations('会員登録は無料です[7]。', passages);
    expect(text).toBe('会員登録は無料です。');
    expect(citations).toMatchObject([{ kind: 'sentence', number: 2 }]);
  });

  it('never cites what was merely retrieved', () => {
    expect(resolveCitations('資料からは分かりませんでした。', passages).citations).toEqual([]);
    expect(resolveCitations('はい。', passages).citations).toEqual([]);
    expect(resolveCitations('', passages).citations).toEqual([]);
    expect(resolveCitations('返品は 14 日以内です。', []).citations).toEqual([]);
  });

  // Said again in other words, a fact keeps most of its own words; another fact of the same subject does not. These
  // pairs hold the threshold between the two.
  it.each([
    '商品到着後 14 日以内であれば返品を受け付けます。',
    '返品の受け付けは、商品到着後 14 日以内です。',
    '返品の送料はお客様のご負担となります。',
    '会員登録は無料でできます。',
    '退会は、マイページの「設定」からいつでも手続きできます。',
    'Shipping is free for premium members on orders above 5,000 yen.',
    'Premium members get free shipping above 5,000 yen.',
  ])('finds the source of “%s”', (sentence) => {
    expect(resolveCitations(sentence, passages).citations).toHaveLength(1);
  });

  it.each([
    '返品は商品到着後 30 日まで、レシートがあれば全国の店舗で受け付けます。',
    '会員になると、誕生日に割引クーポンが届きます。',
    '退会するとポイントはすべて失われ、元に戻せません。',
    '送料は全国一律 550 円で、沖縄と離島は追加料金がかかります。',
    'Premium members can cancel their plan at any time by email.',
    'Shipping to Hokkaido takes three days.',
  ])('finds no source of “%s”', (sentence) => {
    expect(resolveCitations(sentence, passages).citations).toEqual([]);
  });
});

describe('resolveCitations of sentences without markers', () => {
  const passage = (text: string, headings: readonly string[]) => makePassage(text, { headings });

  it('takes headings as said, since a sentence leaves out what they say', () => {
    const payment = passage('支払い番号の有効期間は、発行日を含めて6日間です。', ['支払い方法', 'コンビニ払い']);
    expect(resolveCitations('コンビニ払いの支払い番号は6日間有効です。', [payment]).citations).toHaveLength(1);
  });

  it('finds no source for a figure or a name that the passage does not have', () => {
    const plans = passage('容量だけを買い足すプランはありません。月額料金は上位のプランほど高くなります。', [
      '料金プラン',
    ]);
    expect(resolveCitations('VPSのプランはあります。', [plans]).citations).toEqual([]);
    expect(resolveCitations('上位のプランの月額料金は16,500円です。', [plans]).citations).toEqual([]);
  });
});

describe('readUnits', () => {
  it('parts a figure from the Japanese that follows it', () => {
    expect([...readUnits('3か月契約は1,650円')]).toEqual(['3', 'か月', '月契', '契約', '約は', '1', '650', '円']);
  });
});

describe('splitSentences', () => {
  it('cuts Japanese and English with offsets, also at line ends', () => {
    const text = '「はい。」と言った！\n次の行  It costs 5.50 yen. Really?';
    const sentences = splitSentences(text);
    expect(sentences.map(({ text }) => text)).toEqual([
      '「はい。」と言った！',
      '次の行  It costs 5.50 yen.',
      'Really?',
    ]);
    for (const { text: sentence, start, end } of sentences) expect(text.slice(start, end)).toBe(sentence);
  });
});
