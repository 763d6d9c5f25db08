import Encoding from 'encoding-japanese';
import { describe, expect, it } from 'vitest';
import { parse } from '../testing/fixtures.ts';

describe('CSV', () => {
  it('gives each cell the name of its column', async () => {
    const { text } = await parse(
      'faq.csv',
      '質問,回答\r\n"送料は?","500円です。\n離島は""別途""です。"\r\n返品は?,できます。\r\n\r\n',
    );
    expect(text).toBe('質問: 送料は? | 回答: 500円です。離島は"別途"です。\n質問: 返品は? | 回答: できます。');
  });

  it('reads tabs, semicolons and Shift_JIS', async () => {
    expect((await parse('a.tsv', '商品\t価格\n組木\t1,200')).text).toBe('商品: 組木 | 価格: 1,200');
    expect((await parse('a.csv', '商品;価格\n組木;1,2')).text).toBe('商品: 組木 | 価格: 1,2');
    const bytes = Encoding.convert(Encoding.stringToCode('商品,価格\n組木,高い'), { to: 'SJIS', from: 'UNICODE' });
    expect((await parse('a.csv', Uint8Array.from(bytes))).text).toBe('商品: 組木 | 価格: 高い');
  });

  it('leaves rows alone where the first does not name columns', async () => {
    expect((await parse('a.csv', '1,2\n3,4')).text).toBe('1 | 2\n3 | 4');
    expect((await parse('a.csv', '組木,')).text).toBe('組木');
  });

  it('reads a field of any length', async () => {
    const long = 'あ"","'.repeat(400_000);
    expect(
      (await parse('a.csv', `質問,回答\n甲,"${long.replaceAll('""', '"').replaceAll('"', '""')}"`)).text,
    ).toHaveLength(1_600_012);
  });

  it('takes a quote that never closes for a character', async () => {
    expect((await parse('a.csv', 'a,b\n"x,y\nz,w')).text).toBe('a: "x | b: y\na: z | b: w');
  });
});
