import type { Document, Heading } from '@kumiki/node-sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunkDocument } from './chunk-document.ts';

const settings = { size: 40, overlap: 8 };

/** A token for every two code units: easy to reason about. */
const countHalves = async (texts: readonly string[]) => texts.map((text) => Math.ceil(text.length / 2));
/** The worst that a tokenizer can do: a token for every byte. */
const countBytes = async (texts: readonly string[]) => texts.map((text) => Buffer.byteLength(text));

/** Lines that begin with `#` become headings, as the Markdown reader finds them. */
function makeDocument(text: string): Document {
  const headings: Heading[] = [...text.matchAll(/^(#+) (.*)$/gm)].map((match) => ({
    level: match[1]?.length ?? 1,
    title: match[2] ?? '',
    start: match.index,
  }));
  return { text, headings, pages: [] };
}

const sentence = (name: string) => `${name}についての説明の文です。`;

describe('chunkDocument', () => {
  it('keeps a short document in one chunk', async () => {
    const chunks = await chunkDocument(makeDocument('短い文です。\n\n次の段落です。\n'), settings, countHalves);
    expect(chunks).toEqual([
      { ordinal: 0, text: '短い文です。\n\n次の段落です。', start: 0, end: 15, tokens: 7, headings: [], page: null },
    ]);
  });

  it('gives no chunk for a document of white space', async () => {
    expect(await chunkDocument(makeDocument(' \n　\n'), settings, countHalves)).toEqual([]);
  });

  it('starts a chunk at every top-level section and names the headings above it', async () => {
    const body = sentence('料金').repeat(3);
    const text = `# 案内\n\n## 料金\n\n${body}\n\n### 割引\n\n${body}\n\n## 解約\n\n${body}`;
    const chunks = await chunkDocument(makeDocument(text), settings, countHalves);
    expect(chunks.map(({ text, headings }) => [headings, text.split('\n', 1)[0]])).toEqual([
      [['案内', '料金'], '# 案内'],
      [['案内', '料金', '割引'], '### 割引'],
      [['案内', '解約'], '## 解約'],
    ]);
  });

  it('joins subsections that fit together, and names what they share', async () => {
    const text = `# 手引\n\n## 章\n\n### 甲\n\n短い。\n\n### 乙\n\n短い。\n\n## 次の章\n\n${sentence('次').repeat(3)}`;
    const [first] = await chunkDocument(makeDocument(text), settings, countHalves);
    expect(first?.headings).toEqual(['手引', '章']);
    expect(first?.text).toContain('### 乙');
  });

  it('lets a tiny section go on into the next', async () => {
    const text = `# 甲\n\n短。\n\n# 乙\n\n${sentence('乙')}`;
    expect(await chunkDocument(makeDocument(text), settings, countHalves)).toHaveLength(1);
  });

  it('never leaves a heading behind at the end of a chunk', async () => {
    const text = `# 全体\n\n${sentence('甲').repeat(5)}\n\n## 見出し\n\n${sentence('乙').repeat(5)}`;
    const chunks = await chunkDocument(makeDocument(text), settings, countHalves);
    for (const chunk of chunks) expect(chunk.text).not.toMatch(/^#+ .*$(?![\s\S])/m);
  });

  it('repeats whole sentences at the seam', async () => {
    const text = Array.from({ length: 12 }, (_, index) => `文${index}は短い。`).join('');
    const chunks = await chunkDocument(makeDocument(text), { size: 16, overlap: 6 }, countHalves);
    expect(chunks.length).toBeGreaterThan(2);
    for (const [index, chunk] of chunks.slice(1).entries()) {
      const before = chunks[index];
      expect(chunk.start).toBeLessThan(before?.end ?? 0);
      expect(before?.text.endsWith(text.slice(chunk.start, before.end))).toBe(true);
      expect(chunk.text).toMatch(/^文\d+は短い。/);
    }
  });

  it('prefers the end of a paragraph to a fuller chunk', async () => {
    const [one, two] = [sentence('甲').repeat(3), sentence('乙').repeat(4)];
    const chunks = await chunkDocument(makeDocument(`${one}\n\n${two}`), { size: 40, overlap: 0 }, countHalves);
    expect(chunks.map(({ text }) => text)).toEqual([one, two]);
  });

  it('says on which page a chunk begins', async () => {
    const text = `${sentence('一').repeat(4)}\n\n${sentence('二').repeat(4)}`;
    const pages = [
      { page: 1, start: 0 },
      { page: 2, start: text.indexOf('二') },
    ];
    const chunks = await chunkDocument({ text, headings: [], pages }, { size: 40, overlap: 0 }, countHalves);
    expect(chunks.map(({ page }) => page)).toEqual([1, 2]);
  });

  it('counts tokens in one call', async () => {
    let calls = 0;
    await chunkDocument(makeDocument(sentence('甲').repeat(200)), settings, (texts) => {
      calls++;
      return countHalves(texts);
    });
    expect(calls).toBe(1);
  });

  it.each([
    ['one line of 100,000 letters', 'あ'.repeat(100_000)],
    ['one line of 100,000 letters without kana', 'x'.repeat(100_000)],
    ['a family of 20,000 people joined to one character', '👨‍👩‍👧‍👦\u200d'.repeat(5_000)],
    ['one letter under 10,000 accents', `e${'\u0301'.repeat(10_000)}`],
    ['characters that stand for eighteen others', '\ufdfa'.repeat(2_000)],
    ['10,000 headings and nothing else', '# 見出し\n'.repeat(10_000)],
    ['100,000 opening brackets', '「'.repeat(100_000)],
    ['100,000 spaces within a sentence', `a${' '.repeat(100_000)}b`],
    ['100,000 line ends', `a${'\n'.repeat(100_000)}b`],
  ])('keeps to the size with %s', async (_, text) => {
    const size = 64;
    const chunks = await chunkDocument(makeDocument(text), { size, overlap: 16 }, countBytes);
    expect(chunks.length).toBeGreaterThan(0);
    for (const chunk of chunks) {
      expect(chunk.tokens).toBeLessThanOrEqual(size);
      expect(chunk.text.isWellFormed()).toBe(true);
    }
  });

  it('holds its promises for any text', async () => {
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.constantFrom(
        '。',
        '\n',
        '\n\n',
        '# 見出し\n',
        '\n## 節\n',
        '「はい。」',
        '| a | b |\n',
        '- 項目\n',
        '今日は良い天気ですね。',
        'See 3.5. ',
        '　',
        '👩‍👩‍👧',
      ),
    );
    const texts = fc
      .array(piece, { maxLength: 60 })
      .map((pieces) => pieces.join('').normalize('NFC').replaceAll('\0', ''));
    await fc.assert(
      fc.asyncProperty(
        texts,
        fc.integer({ min: 32, max: 80 }),
        fc.integer({ min: 0, max: 40 }),
        async (text, size, overlap) => {
          const document = makeDocument(text);
          const chunks = await chunkDocument(document, { size, overlap }, countBytes);
          const covered = new Uint8Array(text.length);
          for (const [index, chunk] of chunks.entries()) {
            expect(text.slice(chunk.start, chunk.end)).toBe(chunk.text);
            expect(chunk.text.trim()).not.toBe('');
            expect(chunk.text.isWellFormed()).toBe(true);
            expect(chunk.tokens).toBeLessThanOrEqual(size);
            expect(chunk.ordinal).toBe(index);
            // Every chunk goes beyond the one before it.
            expect(chunk.end).toBeGreaterThan(chunks[index - 1]?.end ?? 0);
            expect(chunk.start).toBeGreaterThan(chunks[index - 1]?.start ?? -1);
            covered.fill(1, chunk.start, chunk.end);
          }
          for (let at = 0; at < text.length; at++) if (covered[at] === 0) expect(text.charAt(at).trim()).toBe('');
          expect(await chunkDocument(document, { size, overlap }, countBytes)).toEqual(chunks);
        },
      ),
      { numRuns: 300 },
    );
  });
});
