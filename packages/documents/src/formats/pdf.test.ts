import Encoding from 'encoding-japanese';
import { describe, expect, it } from 'vitest';
import { makePagedPdf, makePdf, makePdfStream, parse } from '../testing/fixtures.ts';

/** Text operators: font, size, place and text of each line; Japanese goes through the Shift_JIS font. */
function show(...lines: readonly (readonly [size: number, x: number, y: number, text: string])[]): string {
  const operators = lines.map(([size, x, y, text]) => {
    const isAscii = /^[ -~]*$/.test(text);
    const bytes = Encoding.convert(Encoding.stringToCode(text), { to: 'SJIS', from: 'UNICODE' });
    return `BT /${isAscii ? 'F1' : 'F2'} ${size} Tf ${x} ${y} Td <${Buffer.from(bytes).toString('hex')}> Tj ET`;
  });
  return operators.join('\n');
}

describe('PDF', () => {
  it('reads Japanese that only the CMaps tell, page by page', async () => {
    const { text, pages } = await parse(
      'a.pdf',
      makePagedPdf([show([12, 50, 700, '日本語の一頁目。']), '', show([12, 50, 700, '三頁目。'])]),
    );
    expect(text).toBe('日本語の一頁目。\n\n三頁目。');
    expect(pages).toEqual([
      { page: 1, start: 0 },
      { page: 3, start: 10 },
    ]);
  });

  it('takes larger lines for headings, and joins the lines of a paragraph', async () => {
    const page = show(
      [20, 50, 740, '利用規約'],
      [14, 50, 710, '第一条 目的'],
      [10, 60, 690, 'この規約は、組木の利用について定めるもので、利用者'],
      [10, 50, 674, 'はこれに従うものとします。'],
      [10, 60, 658, '次の段落はここから始まります。'],
      [10, 50, 642, '・箇条書きの一つ目の項目はここからここまでです。'],
      [10, 50, 626, '・二つ目'],
    );
    const { text, headings } = await parse('a.pdf', makePagedPdf([page]));
    expect(text.split('\n\n')).toEqual([
      '利用規約',
      '第一条 目的',
      'この規約は、組木の利用について定めるもので、利用者はこれに従うものとします。',
      '次の段落はここから始まります。',
      '・箇条書きの一つ目の項目はここからここまでです。\n・二つ目',
    ]);
    expect(headings.map(({ level, title }) => [level, title])).toEqual([
      [1, '利用規約'],
      [2, '第一条 目的'],
    ]);
  });

  it('parts the cells of a table', async () => {
    const page = show([10, 50, 700, '対象'], [10, 200, 700, '日数'], [10, 50, 680, 'メール'], [10, 200, 680, '7日分']);
    expect((await parse('a.pdf', makePagedPdf([page]))).text).toBe('対象 | 日数\nメール | 7日分');
  });

  it('joins English lines by a space, and words that were hyphenated', async () => {
    const page = show(
      [10, 50, 700, 'The quick brown fox jumps over the lazy dog and docu-'],
      [10, 50, 688, 'ments are read in the order in which they were written'],
      [10, 50, 676, 'down.'],
    );
    expect((await parse('a.pdf', makePagedPdf([page]))).text).toBe(
      'The quick brown fox jumps over the lazy dog and documents are read in the order in which they were written down.',
    );
  });

  it('gives back the characters that radicals stand for', async () => {
    const mapping =
      'begincmap\n1 begincodespacerange <00> <ff> endcodespacerange\n4 beginbfchar\n<41> <2f47>\n<42> <672c>\n<43> <2ed1>\n<44> <2ec4>\nendbfchar\nendcmap';
    const { text } = await parse('a.pdf', makePagedPdf([show([12, 50, 700, 'ABCD'])], mapping));
    expect(text).toBe('日本長西');
  });

  it('says that a scan has no text', async () => {
    await expect(parse('scan.pdf', makePagedPdf(['0 0 100 100 re f']))).rejects.toMatchObject({
      code: 'document-without-text',
    });
  });

  it('says that a password is needed', async () => {
    const key = `<${'00'.repeat(32)}>`;
    const content = makePdf(
      [
        '<< /Type /Catalog /Pages 2 0 R >>',
        '<< /Type /Pages /Count 1 /Kids [3 0 R] >>',
        '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>',
        makePdfStream(''),
      ],
      `/Encrypt << /Filter /Standard /V 1 /R 2 /O ${key} /U ${key} /P -4 >> /ID [<00> <00>]`,
    );
    await expect(parse('secret.pdf', content)).rejects.toMatchObject({ code: 'document-encrypted' });
  });

  it('finds a PDF behind junk, and reads one whose table of objects is broken', async () => {
    const content = Buffer.from(makePagedPdf([show([12, 50, 700, 'Hello'])]));
    expect((await parse('a.pdf', Buffer.concat([Buffer.from('junk\n'), content]))).text).toBe('Hello');
    const broken = Buffer.from(content.toString('latin1').replace(/startxref\n\d+/, 'startxref\n7'), 'latin1');
    expect((await parse('a.pdf', broken)).text).toBe('Hello');
  });
});
