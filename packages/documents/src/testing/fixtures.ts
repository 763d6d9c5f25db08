import { strToU8, zipSync } from 'fflate';
import { defaultLimits, type ParseLimits } from '../limits.ts';
import { type ParsedDocument, parseDocument } from '../parse-document.ts';

/** Parses in the test's own process: fast, and errors show where they come from. */
export function parse(
  name: string,
  content: Uint8Array | string,
  limits: Partial<ParseLimits> = {},
): Promise<ParsedDocument> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return parseDocument({ name, mediaType: null, content: bytes }, { ...defaultLimits, ...limits });
}

/** A zip container with the given members. */
export function makeZip(members: Readonly<Record<string, string | Uint8Array>>): Uint8Array {
  const entries = Object.entries(members).map(([name, content]) => [
    name,
    typeof content === 'string' ? strToU8(content) : content,
  ]);
  return zipSync(Object.fromEntries(entries));
}

const officeNamespaces =
  'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"';

function makeRelationships(entries: Readonly<Record<string, readonly [type: string, target: string]>>): string {
  const all = Object.entries(entries).map(
    ([id, [type, target]]) =>
      `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}"/>`,
  );
  return `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${all.join('')}</Relationships>`;
}

/** A Word document whose body is the given WordprocessingML; style `H1` is called 見出し 1. */
export function makeDocx(body: string): Uint8Array {
  return makeZip({
    '[Content_Types].xml':
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    '_rels/.rels': makeRelationships({ rId1: ['officeDocument', 'word/document.xml'] }),
    'word/_rels/document.xml.rels': makeRelationships({ rId1: ['styles', 'styles.xml'] }),
    'word/styles.xml': `<w:styles ${officeNamespaces}><w:style w:type="paragraph" w:styleId="H1"><w:name w:val="見出し 1"/></w:style></w:styles>`,
    'word/document.xml': `<w:document ${officeNamespaces}><w:body>${body}</w:body></w:document>`,
  });
}

export function makeDocxParagraph(text: string, style?: string): string {
  const properties = style === undefined ? '' : `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>`;
  return `<w:p>${properties}<w:r><w:t>${text}</w:t></w:r></w:p>`;
}

/** A workbook: the sheets' XML by name, shared strings, and number formats of the cell styles. */
export function makeXlsx(parts: {
  readonly sheets: Readonly<Record<string, { readonly rows: string; readonly state?: string }>>;
  readonly strings?: string;
  readonly cellFormats?: string;
}): Uint8Array {
  const sheets = Object.entries(parts.sheets);
  const list = sheets.map(
    ([name, { state }], index) =>
      `<sheet name="${name}" sheetId="${index + 1}" r:id="s${index}"${state === undefined ? '' : ` state="${state}"`}/>`,
  );
  return makeZip({
    '[Content_Types].xml': '<Types/>',
    'xl/workbook.xml': `<workbook ${officeNamespaces}><sheets>${list.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': makeRelationships({
      strings: ['sharedStrings', 'sharedStrings.xml'],
      styles: ['styles', '/xl/styles.xml'],
      ...Object.fromEntries(
        sheets.map((_, index) => [`s${index}`, ['worksheet', `worksheets/sheet${index}.xml`] as const]),
      ),
    }),
    'xl/sharedStrings.xml': `<sst>${parts.strings ?? ''}</sst>`,
    'xl/styles.xml': `<styleSheet>${parts.cellFormats ?? ''}</styleSheet>`,
    ...Object.fromEntries(
      sheets.map(([, { rows }], index) => [
        `xl/worksheets/sheet${index}.xml`,
        `<worksheet><sheetData>${rows}</sheetData></worksheet>`,
      ]),
    ),
  });
}

/** Slides in the given order, each the XML of its shapes; `notes` by the slide's place. */
export function makePptx(slides: readonly string[], notes: Readonly<Record<number, string>> = {}): Uint8Array {
  const members: Record<string, string> = {
    '[Content_Types].xml': '<Types/>',
    'ppt/presentation.xml': `<p:presentation ${officeNamespaces}><p:sldIdLst>${slides.map((_, index) => `<p:sldId id="${256 + index}" r:id="r${index}"/>`).join('')}</p:sldIdLst></p:presentation>`,
    // Files are numbered against the order, as they are after slides were moved.
    'ppt/_rels/presentation.xml.rels': makeRelationships(
      Object.fromEntries(
        slides.map((_, index) => [`r${index}`, ['slide', `slides/slide${slides.length - index}.xml`]]),
      ),
    ),
  };
  for (const [index, shapes] of slides.entries()) {
    const file = `slide${slides.length - index}.xml`;
    members[`ppt/slides/${file}`] = `<p:sld ${officeNamespaces}>${shapes}</p:sld>`;
    const note = notes[index];
    if (note === undefined) continue;
    members[`ppt/slides/_rels/${file}.rels`] = makeRelationships({ r1: ['notesSlide', `../notesSlides/${file}`] });
    members[`ppt/notesSlides/${file}`] = `<p:notes ${officeNamespaces}>${note}</p:notes>`;
  }
  return makeZip(members);
}

export function makeShape(placeholder: string | null, ...paragraphs: readonly string[]): string {
  const kind = placeholder === null ? '' : `<p:nvPr><p:ph type="${placeholder}"/></p:nvPr>`;
  return `<p:sp>${kind}<p:txBody>${paragraphs.map((text) => `<a:p><a:r><a:t>${text}</a:t></a:r></a:p>`).join('')}</p:txBody></p:sp>`;
}

/** A PDF of the given objects, numbered from 1; the first is the catalogue. Streams bring their own dictionary. */
export function makePdf(objects: readonly (string | Uint8Array)[], trailer = ''): Uint8Array {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')];
  const offsets: number[] = [];
  let length = parts[0]?.length ?? 0;
  const push = (part: Buffer) => {
    parts.push(part);
    length += part.length;
  };
  for (const [index, object] of objects.entries()) {
    offsets.push(length);
    push(Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), Buffer.from(object), Buffer.from('\nendobj\n')]));
  }
  const start = length;
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${start}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}

export function makePdfStream(content: string, dictionary = ''): string {
  return `<< /Length ${Buffer.byteLength(content)} ${dictionary} >>\nstream\n${content}\nendstream`;
}

/**
 * A PDF whose pages are the given content streams. Font `F1` is Helvetica, `F2` a Japanese font in Shift_JIS
 * (90ms-RKSJ-H), whose characters only the CMaps of Adobe-Japan1 tell; `toUnicode` replaces the mapping of `F1`.
 */
export function makePagedPdf(pages: readonly string[], toUnicode = ''): Uint8Array {
  const firstPage = 6;
  const kids = pages.map((_, index) => `${firstPage + index * 2} 0 R`).join(' ');
  return makePdf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Count ${pages.length} /Kids [${kids}] >>`,
    `<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica ${toUnicode === '' ? '' : '/ToUnicode 5 0 R'} >>`,
    '<< /Type /Font /Subtype /Type0 /BaseFont /Ryumin-Light /Encoding /90ms-RKSJ-H /DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Ryumin-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >> /DW 1000 /FontDescriptor << /Type /FontDescriptor /FontName /Ryumin-Light /Flags 4 >> >>] >>',
    makePdfStream(toUnicode),
    ...pages.flatMap((content, index) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents ${firstPage + index * 2 + 1} 0 R >>`,
      makePdfStream(content),
    ]),
  ]);
}
