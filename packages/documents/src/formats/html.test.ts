import Encoding from 'encoding-japanese';
import { describe, expect, it } from 'vitest';
import { parse } from '../testing/fixtures.ts';

const textOf = async (html: string) => (await parse('page.html', html)).text;

describe('HTML', () => {
  it('reads headings, paragraphs, lists and tables of the main content', async () => {
    const { text, headings } = await parse(
      'page.html',
      `<!doctype html><title>案内 | 組木</title><script>alert(1)</script><style>p { color: red }</style>
      <header><a href="/">組木</a></header><nav><ul><li>ホーム</ul></nav>
      <main><h1>料金<br>プラン</h1><p>月額は<b>1,200</b>円です。<br>税込です。
        <h2>比較</h2><table><tr><th>名前<th>価格<tr><td>小<td>600円</table>
        <ul><li>一つ目<li>二つ目<ol><li>甲<li>乙</ol></ul>
        <pre>  code {
    keep }</pre></main>
      <footer>© 組木</footer>`,
    );
    expect(text).toBe(
      '料金 プラン\n\n月額は1,200円です。\n税込です。\n\n比較\n\n名前 | 価格\n小 | 600円\n- 一つ目\n- 二つ目\n1. 甲\n2. 乙\n\ncode {\n    keep }',
    );
    expect(headings.map(({ level, title, start }) => [level, title, text.slice(start, start + title.length)])).toEqual([
      [1, '料金 プラン', '料金 プラン'],
      [2, '比較', '比較'],
    ]);
  });

  it('puts the title of a page in front where no heading says it', async () => {
    expect(await textOf('<title>返品 について</title><p>受け付けます。')).toBe('返品 について\n\n受け付けます。');
    expect(await textOf('<title>返品</title><h1>返品</h1>本文')).toBe('返品\n\n本文');
  });

  it('joins Japanese lines, and keeps the space between words', async () => {
    expect(await textOf('<p>日本\n  語の文、\n続き and\nEnglish  words</p>')).toBe(
      '日本語の文、続き and English words',
    );
  });

  it('leaves out readings over characters, hidden parts, and comments', async () => {
    expect(
      await textOf(
        '<ruby>組木<rp>(</rp><rt>くみき</rt><rp>)</rp></ruby>です<!-- 秘密 --><p hidden>隠す<p style="display: none">隠す<p>見せる',
      ),
    ).toBe('組木です\n\n見せる');
  });

  it('reads what there is where a page misuses its elements', async () => {
    expect(await textOf('<nav><p>全部が nav の中にあるページ')).toBe('全部が nav の中にあるページ');
    expect(await textOf(`<main></main><p>${'外側の本文。'.repeat(20)}`)).toContain('外側の本文。');
  });

  it('decodes entities, and survives tags that nest or end at random', async () => {
    expect(await textOf('</div></b><p>&lt;b&gt; &amp; &#x7D44;&nbsp;&copy;</i></table><td>甲</tr>')).toMatch(
      /^<b> & 組.©/,
    );
    expect(await textOf(`${'<div>'.repeat(10_000)}深い${'</div>'.repeat(10)}`)).toBe('深い');
  });

  it.each(['Shift_JIS', 'EUC-JP', 'ISO-2022-JP'] as const)('reads a page declared as %s', async (charset) => {
    const html = `<html><head><meta http-equiv="Content-Type" content="text/html; charset=${charset}"></head><body>短文`;
    const to = ({ Shift_JIS: 'SJIS', 'EUC-JP': 'EUCJP', 'ISO-2022-JP': 'JIS' } as const)[charset];
    const content = Uint8Array.from(Encoding.convert(Encoding.stringToCode(html), { to, from: 'UNICODE' }));
    expect((await parse('page.html', content)).text).toBe('短文');
  });
});
