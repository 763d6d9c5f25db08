import { expect, test } from 'vitest';
import type { MarkdownMark, MarkdownNode } from './markdown-tree.ts';
import { placeMarks } from './place-marks.ts';
import { readMarkdown } from './read-markdown.ts';

/** As tags, with marks as `‹key›`. */
function write(nodes: readonly MarkdownNode[]): string {
  return nodes
    .map((node) => {
      if (node.kind === 'text') return node.text;
      if (node.kind === 'mark') return `‹${node.key}›`;
      const { tag, href, number, align } = node;
      const name = tag === 'heading' ? `h${number}` : tag;
      const more = [href ?? '', tag === 'ol' && number !== undefined ? number : '', align ?? ''].filter(
        (one) => one !== '',
      );
      return `<${[name, ...more].join(' ')}>${write(node.children)}</${name}>`;
    })
    .join('');
}

const read = (text: string) => write(readMarkdown(text));

/** Marks in the place of each `[n]`, and behind each `^`, which is taken out of the text. */
function mark(marked: string): string {
  const marks: MarkdownMark[] = [];
  const text = marked.replaceAll(/\^/g, (_, place: number) => {
    const at = place - marks.length;
    marks.push({ kind: 'mark', from: at, to: at, key: '^' });
    return '';
  });
  for (const { 0: found, index } of text.matchAll(/\[\d\]/g)) {
    marks.push({ kind: 'mark', from: index, to: index + found.length, key: found.slice(1, -1) });
  }
  return write(placeMarks(readMarkdown(text, marks), marks));
}

test('what models write is read', () => {
  expect(read('# 返金\n\n**14日**以内は*全額*、~~半額~~。\\*注 &amp; `a_b`')).toBe(
    '<h1> 返金</h1><p><strong>14日</strong>以内は<em>全額</em>、<del>半額</del>。*注 & <code>a_b</code></p>',
  );
  expect(read('- a\n  続き\n- b\n  1. x\n\n3) c')).toBe(
    '<ul><li><p>a\n  続き</p></li><li><p>b</p><ol 1><li><p>x</p></li></ol></li></ul><ol 3><li><p>c</p></li></ol>',
  );
  expect(read('> 引用\n> 続き\n\n```js\nconst a = 1;\n\n# b\n```')).toBe(
    '<blockquote><p>引用\n 続き</p></blockquote><pre>const a = 1;\n\n# b</pre>',
  );
});

test('a table keeps its columns where cells are empty or missing', () => {
  expect(read('| 月 | 額 | 注 |\n|---|--:|:-:|\n| 1 | | x |\n| 2 |')).toBe(
    '<table><tr><th>月</th><th right>額</th><th center>注</th></tr>' +
      '<tr><td>1</td><td right></td><td center>x</td></tr><tr><td>2</td><td right></td><td center></td></tr></table>',
  );
});

test.each([
  ['**注意：**本文', '<p><strong>注意：</strong>本文</p>'],
  ['料金は**「月額」**です', '<p>料金は<strong>「月額」</strong>です</p>'],
  ['**手順（重要）**を**必ず。**10回', '<p><strong>手順（重要）</strong>を<strong>必ず。</strong>10回</p>'],
  ['snake_case_name と 2 * 3 * 4', '<p>snake_case_name と 2 * 3 * 4</p>'],
  ['10~18時、a**"b"**c', '<p>10~18時、a**"b"**c</p>'],
])('emphasis stands beside Japanese punctuation, and elsewhere as ever: %s', (text, expected) => {
  expect(read(text)).toBe(expected);
});

test('HTML is text, but for the line break that tables need', () => {
  expect(read('<script>alert(1)</script> <b onclick="x">b</b><br>c')).toBe(
    '<p><script>alert(1)</script> <b onclick="x">b</b><br></br>c</p>',
  );
  expect(read('<div>\n**a**\n</div>')).toBe('<p><div>\n<strong>a</strong></p><p></div></p>');
});

test.each([
  ['[規約](https://example.com/a?b=1)', '<p><a https://example.com/a?b=1>規約</a></p>'],
  ['https://example.com/a、または', '<p><a https://example.com/a>https://example.com/a</a>、または</p>'],
  ['www.example.com', '<p><a https://www.example.com/>www.example.com</a></p>'],
  ['<https://example.com>', '<p><a https://example.com/>https://example.com</a></p>'],
  ['[x](javascript:alert(1)) [y](data:text/html,z) [z](/api/flows) [w](faq.md)', '<p>x y z w</p>'],
  ['<javascript:alert(1)> a@example.com', '<p>javascript:alert(1) a@example.com</p>'],
  ['![図](https://example.com/a.png)', '<p>図</p>'],
  [
    '[**注意**] と [a][b]\n\n[b]: https://example.com',
    '<p>[<strong>注意</strong>] と [a][b]</p><p>[b]: <a https://example.com/>https://example.com</a></p>',
  ],
])('links lead to http and https only, and images show nothing from outside: %s', (text, expected) => {
  expect(read(text)).toBe(expected);
});

test.each([
  ['# 見出し [1]', '<h1> 見出し ‹1›</h1>'],
  ['**太字[1]**と`a[2]`。[3]', '<p><strong>太字‹1›</strong>と<code>a‹2›</code>。‹3›</p>'],
  ['[1](x) [2]: y', '<p>‹1›(x) ‹2›: y</p>'],
  ['- a [1]\n- b\n  [2]', '<ul><li><p>a ‹1›</p></li><li><p>b\n  ‹2›</p></li></ul>'],
  [
    '| a [1] | b |\n|---|---|\n| c | [2] |',
    '<table><tr><th>a ‹1›</th><th>b</th></tr><tr><td>c</td><td>‹2›</td></tr></table>',
  ],
  ['```\na[1]\n```', '<pre>a‹1›</pre>'],
  ['[詳しく [1]](https://example.com)。', '<p><a https://example.com/>詳しく </a>‹1›。</p>'],
  ['https://example.com/a[1]。', '<p><a https://example.com/a>https://example.com/a</a>‹1›。</p>'],
  ['[1]**太字。**[2]', '<p>‹1›<strong>太字。</strong>‹2›</p>'],
])('a marker stays where it stands, and is no link: %s', (text, expected) => {
  expect(mark(text)).toBe(expected);
});

test.each([
  ['返金します。^次。^', '<p>返金します。‹^›次。‹^›</p>'],
  ['**返金します。**^\n\n- 次', '<p><strong>返金します。‹^›</strong></p><ul><li><p>次</p></li></ul>'],
  ['**返金します。^**次', '<p><strong>返金します。‹^›</strong>次</p>'],
  ['a &amp;^ b \\*^', '<p>a &‹^› b *‹^›</p>'],
  ['[規約](https://example.com/a)^。', '<p><a https://example.com/a>規約</a>‹^›。</p>'],
  ['| a |^\n|---|\n| b |^', '<table><tr><th>a‹^›</th></tr><tr><td>b‹^›</td></tr></table>'],
  ['```\na\n```^', '<pre>a‹^›</pre>'],
  ['---^', '<hr></hr><p>‹^›</p>'],
])('a mark behind a sentence follows its last word, also behind what is not shown: %s', (text, expected) => {
  expect(mark(text)).toBe(expected);
});

test('a text that is cut off anywhere is read, and shows all of its words', () => {
  const whole =
    '# 見出し\n\n**太字**と`code`、[規約](https://example.com)[1]。\n- a\n- b\n\n| a | b |\n|---|---|\n| c | d |\n\n```js\nx\n```';
  for (let end = 0; end <= whole.length; end += 1) {
    const text = whole.slice(0, end);
    const caret: MarkdownMark = { kind: 'mark', from: end, to: end, key: '^' };
    expect(write(placeMarks(readMarkdown(text), [caret])).match(/‹\^›/g), text).toHaveLength(1);
  }
  expect(read('段落\n-')).toBe('<p>段落\n-</p>');
});

test('what is nested without end is shown as it was written', () => {
  const text = `${'> '.repeat(5_000)}a ${'*a '.repeat(2_000)}${'['.repeat(5_000)}`;
  expect(write(readMarkdown(text))).toContain('a *a *a');
});
