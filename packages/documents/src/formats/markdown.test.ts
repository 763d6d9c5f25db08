import { describe, expect, it } from 'vitest';
import { parse } from '../testing/fixtures.ts';

async function headingsOf(source: string) {
  const { text, headings } = await parse('page.md', source);
  expect(text).toBe(source);
  return headings.map(({ level, title, start }) => [level, title, source.slice(start).split('\n', 1)[0]]);
}

describe('Markdown', () => {
  it('finds headings in both spellings', async () => {
    expect(
      await headingsOf(
        '# 一 #\n本文\n\n題\n===\n\n二つ目の題\n---\n\n### **太字**と[リンク](https://example.com)\n#見出しではない\n',
      ),
    ).toEqual([
      [1, '一', '# 一 #'],
      [1, '題', '題'],
      [2, '二つ目の題', '二つ目の題'],
      [3, '太字とリンク', '### **太字**と[リンク](https://example.com)'],
    ]);
  });

  it('finds none in code, front matter, lists, tables and rules', async () => {
    expect(
      await headingsOf(
        '---\ntitle: a\n# b\n---\n\n```sh\n# comment\n```\n\n~~~\n```\n# still code\n~~~\n\n- 項目\n---\n\n| a |\n---\n\n---\n\n# 本当',
      ),
    ).toEqual([[1, '本当', '# 本当']]);
  });

  it('takes a fence that never closes to the end', async () => {
    expect(await headingsOf('# 前\n```\n# 中\n')).toEqual([[1, '前', '# 前']]);
  });
});
