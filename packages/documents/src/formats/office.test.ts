import { describe, expect, it } from 'vitest';
import { makeDocx, makeDocxParagraph, makePptx, makeShape, makeXlsx, makeZip, parse } from '../testing/fixtures.ts';

describe('DOCX', () => {
  it('reads headings by Japanese style names, tables, and leaves deleted text out', async () => {
    const cell = (text: string) => `<w:tc>${makeDocxParagraph(text)}</w:tc>`;
    const body = [
      makeDocxParagraph('就業規則', 'H1'),
      makeDocxParagraph('第1条'),
      '<w:p><w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:ins><w:r><w:t>新しい条文</w:t></w:r></w:ins></w:p>',
      `<w:tbl><w:tr>${cell('区分')}${cell('日数')}</w:tr><w:tr>${cell('有給')}${cell('10日')}</w:tr></w:tbl>`,
    ];
    const { text, headings } = await parse('rules.docx', makeDocx(body.join('')));
    expect(text).toBe('就業規則\n\n第1条\n\n新しい条文\n\n区分 | 日数\n有給 | 10日');
    expect(headings).toEqual([{ level: 1, title: '就業規則', start: 0 }]);
  });
});

describe('XLSX', () => {
  const strings =
    '<si><t>商品</t></si><si><t>価格</t></si><si><t>組木</t><rPh sb="0" eb="2"><t>クミキ</t></rPh></si><si><r><t>太</t></r><r><t>字</t></r></si>';

  it('reads visible sheets as headings and tables, without readings', async () => {
    const content = makeXlsx({
      strings,
      sheets: {
        価格表: {
          rows: '<row><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row><row><c r="A2" t="s"><v>2</v></c><c r="C2"><v>0.30000000000000004</v></c></row><row><c t="s"><v>3</v></c><c t="b"><v>1</v></c><c t="inlineStr"><is><t>直接</t></is></c></row>',
        },
        秘密: { rows: '<row><c t="s"><v>2</v></c></row>', state: 'hidden' },
        空: { rows: '' },
      },
    });
    const { text, headings } = await parse('prices.xlsx', content);
    expect(text).toBe('価格表\n\n商品: 組木 | 価格: 0.3\n商品: 太字 | TRUE | 価格: 直接');
    expect(headings).toEqual([{ level: 1, title: '価格表', start: 0 }]);
  });

  it('writes dates, times and shares as people read them', async () => {
    const cell = (style: number, value: string) => `<c s="${style}"><v>${value}</v></c>`;
    const content = makeXlsx({
      cellFormats:
        '<numFmts><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/><numFmt numFmtId="177" formatCode="[Red]#,##0&quot;sh&quot;"/></numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="20"/><xf numFmtId="22"/><xf numFmtId="9"/><xf numFmtId="176"/><xf numFmtId="177"/></cellXfs>',
      sheets: {
        表: {
          rows: `<row>${[cell(0, '46349'), cell(1, '46349'), cell(2, '0.75'), cell(3, '46349.5'), cell(4, '0.125'), cell(5, '59'), cell(6, '3')].join('')}</row>`,
        },
      },
    });
    expect((await parse('dates.xlsx', content)).text).toBe(
      '表\n\n46349 | 2026-11-23 | 18:00 | 2026-11-23 12:00 | 12.5% | 1900-02-28 | 3',
    );
  });
});

describe('PPTX', () => {
  it('reads slides in their order as pages, titles first, with tables and notes', async () => {
    const row = (...cells: string[]) =>
      `<a:tr>${cells.map((text) => `<a:tc><a:txBody><a:p><a:r><a:t>${text}</a:t></a:r></a:p></a:txBody></a:tc>`).join('')}</a:tr>`;
    const content = makePptx(
      [
        makeShape('body', '一つ目', '二つ目') + makeShape('title', '導入') + makeShape('sldNum', '1'),
        `${makeShape('ctrTitle', '比較')}<a:tbl>${row('名前', '価格')}${row('小', '600円')}</a:tbl>`,
      ],
      { 0: makeShape('body', 'ここで間を置く。') },
    );
    const { text, headings, pages } = await parse('slides.pptx', content);
    expect(text).toBe('導入\n\n一つ目\n二つ目\n\nここで間を置く。\n\n比較\n\n名前 | 価格\n小 | 600円');
    expect(headings.map(({ title }) => title)).toEqual(['導入', '比較']);
    expect(pages).toEqual([
      { page: 1, start: 0 },
      { page: 2, start: text.indexOf('比較') },
    ]);
  });
});

describe('EPUB', () => {
  const container = '<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>';
  const book = `<package xmlns:dc="x"><manifest>
    <item id="n" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
    <item id="two" href="text/%E4%BA%8C.xhtml" media-type="application/xhtml+xml"/>
    <item id="one" href="text/one.xhtml" media-type="application/xhtml+xml"/>
    <item id="css" href="a.css" media-type="text/css"/></manifest>
    <spine><itemref idref="n"/><itemref idref="one"/><itemref idref="two"/></spine></package>`;
  const members = {
    mimetype: 'application/epub+zip',
    'META-INF/container.xml': container,
    'OPS/book.opf': book,
    'OPS/nav.xhtml': '<html><body><p>目次</p></body></html>',
    'OPS/text/one.xhtml': '<html><body><h1>一章</h1><p>はじめ。</p></body></html>',
    'OPS/text/二.xhtml': '<html><body><h1>二章</h1><p>おわり。</p></body></html>',
  };

  it('reads chapters in the order of the spine', async () => {
    const { text, headings } = await parse('book.epub', makeZip(members));
    expect(text).toBe('一章\n\nはじめ。\n\n二章\n\nおわり。');
    expect(headings.map(({ title }) => title)).toEqual(['一章', '二章']);
  });

  it('says that a protected book is encrypted', async () => {
    const protection =
      '<encryption><EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes256-cbc"/></encryption>';
    const content = makeZip({ ...members, 'META-INF/encryption.xml': protection });
    await expect(parse('book.epub', content)).rejects.toMatchObject({ code: 'document-encrypted' });
  });
});

describe('XML in containers', () => {
  it('expands no entities and opens no files', async () => {
    const lols = Array.from({ length: 10 }, (_, level) => `<!ENTITY l${level + 1} "${`&l${level};`.repeat(10)}">`).join(
      '',
    );
    const doctype = `<!DOCTYPE x [<!ENTITY l0 "lol"><!ENTITY file SYSTEM "file:///etc/passwd">${lols}]>`;
    const content = makePptx([makeShape('body', '&l10; &file; 本文')]);
    const direct = makeZip({
      '[Content_Types].xml': '',
      'ppt/presentation.xml': `${doctype}<p:presentation xmlns:r="r"><p:sldId r:id="r0"/></p:presentation>`,
      'ppt/_rels/presentation.xml.rels':
        '<Relationships><Relationship Id="r0" Type="x/slide" Target="slide.xml"/></Relationships>',
      'ppt/slide.xml': `${doctype}<p:sld><p:sp><a:p><a:t>&l10; &file; 本文</a:t></a:p></p:sp></p:sld>`,
    });
    for (const file of [content, direct]) expect((await parse('a.pptx', file)).text).toBe('&l10; &file; 本文');
    const word = makeDocx(makeDocxParagraph('本文'));
    expect((await parse('a.docx', word)).text).toBe('本文');
  });
});
