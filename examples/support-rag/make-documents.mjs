// Makes the documents that are not plain UTF-8 text from `sources/`:
//
//   sources/<name>.docx.md        → documents/<name>.docx
//   sources/<name>.pdf.md         → documents/<name>.pdf   (printed by Chromium)
//   sources/<name>.<charset>.txt  → documents/<name>.txt   (shift_jis, euc-jp, iso-2022-jp, utf-16)
//
// The Markdown of the sources is a subset: headings, paragraphs, lists of one level, tables, **bold**.
// Dates inside the files are fixed, so that a second run changes nothing.
//
// The packages that it needs are not the project's; run it from a folder of your own that has them:
//
//   npm install docx encoding-japanese fflate
//   apt-get install -y chromium fonts-morisawa-bizud-gothic
//   node <checkout>/examples/support-rag/make-documents.mjs [path of chromium]
//
// The font matters: with fonts that draw a kanji and its Kangxi radical by one glyph (Noto Sans CJK,
// IPAex Gothic), text extracted by PDF.js has U+2F00–2FDF in place of kanji. BIZ UDPGothic has no such glyphs.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const load = createRequire(join(process.cwd(), 'package.json'));
const docx = load('docx');
const encodingJapanese = load('encoding-japanese');
const { unzipSync, zipSync } = load('fflate');

const sourceFolder = join(import.meta.dirname, 'sources');
const documentFolder = join(import.meta.dirname, 'documents');
const chromium = process.argv[2] ?? 'chromium';
const madeAt = new Date('2026-09-01T00:00:00Z');

/** Windows programs write the first and the last with CRLF; the other two come from Unix and from mail. */
const charsets = {
  shift_jis: { name: 'SJIS', newline: '\r\n' },
  'euc-jp': { name: 'EUCJP', newline: '\n' },
  'iso-2022-jp': { name: 'JIS', newline: '\n' },
  'utf-16': { name: 'UTF16', newline: '\r\n', byteOrderMark: 'LE' },
};

/** @returns a list of { type: 'heading' | 'paragraph' | 'bullet' | 'number' | 'table', … } */
function parseMarkdown(source) {
  const blocks = [];
  for (const line of source.split('\n')) {
    const last = blocks.at(-1);
    const heading = /^(#+) (.*)$/.exec(line);
    const item = /^(-|\d+\.) (.*)$/.exec(line);
    if (heading) blocks.push({ type: 'heading', level: heading[1].length, text: heading[2] });
    else if (item) blocks.push({ type: item[1] === '-' ? 'bullet' : 'number', text: item[2] });
    else if (/^\|[-: |]+\|$/.test(line)) continue;
    else if (line.startsWith('|')) {
      const cells = line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim());
      if (last?.type === 'table') last.rows.push(cells);
      else blocks.push({ type: 'table', rows: [cells] });
    } else if (line.trim() === '') blocks.push({ type: 'gap' });
    else blocks.push({ type: 'paragraph', text: line });
  }
  return blocks;
}

/** @returns the text as a list of { text, bold } */
function splitBold(text) {
  return text
    .split(/\*\*(.+?)\*\*/)
    .map((part, index) => ({ text: part, bold: index % 2 === 1 }))
    .filter((part) => part.text !== '');
}

async function makeDocx(source, title) {
  const runs = (text, bold = false) =>
    splitBold(text).map((part) => new docx.TextRun({ text: part.text, bold: bold || part.bold }));
  const levels = [docx.HeadingLevel.HEADING_1, docx.HeadingLevel.HEADING_2, docx.HeadingLevel.HEADING_3];
  let numberedList = 0;
  let previous = 'gap';
  const children = [];
  for (const block of parseMarkdown(source)) {
    if (block.type === 'number' && previous !== 'number') numberedList += 1;
    previous = block.type;
    if (block.type === 'heading') {
      children.push(new docx.Paragraph({ heading: levels[block.level - 1], children: runs(block.text) }));
    } else if (block.type === 'paragraph') {
      children.push(new docx.Paragraph({ spacing: { after: 120 }, children: runs(block.text) }));
    } else if (block.type === 'bullet') {
      children.push(new docx.Paragraph({ bullet: { level: 0 }, children: runs(block.text) }));
    } else if (block.type === 'number') {
      const numbering = { reference: 'steps', level: 0, instance: numberedList };
      children.push(new docx.Paragraph({ numbering, children: runs(block.text) }));
    } else if (block.type === 'table') {
      const rows = block.rows.map(
        (cells, rowIndex) =>
          new docx.TableRow({
            tableHeader: rowIndex === 0,
            children: cells.map(
              (cell) =>
                new docx.TableCell({ children: [new docx.Paragraph({ children: runs(cell, rowIndex === 0) })] }),
            ),
          }),
      );
      children.push(new docx.Table({ width: { size: 100, type: docx.WidthType.PERCENTAGE }, rows }));
    }
  }
  const step = { level: 0, format: docx.LevelFormat.DECIMAL, text: '%1.', alignment: docx.AlignmentType.START };
  const indent = { style: { paragraph: { indent: { left: 480, hanging: 360 } } } };
  const document = new docx.Document({
    title,
    creator: '株式会社ほしのね',
    lastModifiedBy: '株式会社ほしのね',
    styles: { default: { document: { run: { font: 'Yu Gothic', size: 21 } } } },
    numbering: { config: [{ reference: 'steps', levels: [{ ...step, ...indent }] }] },
    sections: [{ children }],
  });
  return fixDocxDates(await docx.Packer.toBuffer(document));
}

/** Packs the archive again with one date for all its entries and in its properties. */
function fixDocxDates(archive) {
  const entries = unzipSync(new Uint8Array(archive));
  const properties = new TextDecoder()
    .decode(entries['docProps/core.xml'])
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, madeAt.toISOString());
  entries['docProps/core.xml'] = new TextEncoder().encode(properties);
  const sorted = Object.keys(entries).sort((a, b) => (a < b ? -1 : 1));
  // An entry's date in a ZIP file is local time without a zone.
  const local = new Date(madeAt.getTime() + madeAt.getTimezoneOffset() * 60_000);
  return zipSync(Object.fromEntries(sorted.map((path) => [path, entries[path]])), { mtime: local });
}

function renderHtml(source, title) {
  const escapeHtml = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const inline = (text) =>
    splitBold(text)
      .map((part) => (part.bold ? `<strong>${escapeHtml(part.text)}</strong>` : escapeHtml(part.text)))
      .join('');
  const html = [];
  let list = '';
  for (const block of parseMarkdown(source)) {
    const tag = block.type === 'bullet' ? 'ul' : block.type === 'number' ? 'ol' : '';
    if (tag !== list) {
      if (list) html.push(`</${list}>`);
      if (tag) html.push(`<${tag}>`);
      list = tag;
    }
    if (block.type === 'heading') html.push(`<h${block.level}>${inline(block.text)}</h${block.level}>`);
    else if (block.type === 'paragraph') html.push(`<p>${inline(block.text)}</p>`);
    else if (tag) html.push(`<li>${inline(block.text)}</li>`);
    else if (block.type === 'table') {
      const rows = block.rows.map((cells, index) => {
        const cellTag = index === 0 ? 'th' : 'td';
        return `<tr>${cells.map((cell) => `<${cellTag}>${inline(cell)}</${cellTag}>`).join('')}</tr>`;
      });
      html.push(`<table>${rows.join('')}</table>`);
    }
  }
  if (list) html.push(`</${list}>`);
  return `<!DOCTYPE html>
<html lang="ja"><head><meta charset="UTF-8"><title>${escapeHtml(title)}</title><style>
@page { size: A4; margin: 22mm 20mm; }
body { font: 10.5pt/1.8 'BIZ UDPGothic'; color: #1d2433; }
h1 { font-size: 18pt; border-bottom: 2pt solid #35507a; padding-bottom: 4pt; }
h2 { font-size: 13pt; margin-top: 18pt; break-after: avoid; }
table { border-collapse: collapse; width: 100%; break-inside: avoid; }
th, td { border: 0.5pt solid #98a3b5; padding: 3pt 6pt; text-align: left; }
th { background: #e9eef6; }
</style></head><body>
${html.join('\n')}
</body></html>
`;
}

function makePdf(source, title) {
  const folder = mkdtempSync(join(tmpdir(), 'support-rag-'));
  try {
    const page = join(folder, 'page.html');
    const printed = join(folder, 'page.pdf');
    writeFileSync(page, renderHtml(source, title));
    const options = ['--headless', '--no-sandbox', '--disable-gpu', '--no-pdf-header-footer'];
    execFileSync(chromium, [...options, `--print-to-pdf=${printed}`, page], { stdio: 'ignore', timeout: 60_000 });
    return fixPdf(readFileSync(printed, 'latin1'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Chromium's date and its names for table headers differ from run to run. What replaces them is as long. */
function fixPdf(printed) {
  const date = madeAt.toISOString().replace(/[-:T]/g, '').slice(0, 14);
  const names = new Map();
  const fixed = printed.replace(/\(D:\d{14}/g, `(D:${date}`).replace(/\(node\d{8}\)/g, (name) => {
    if (!names.has(name)) names.set(name, `(node${String(names.size + 1).padStart(8, '0')})`);
    return names.get(name);
  });
  return Buffer.from(fixed, 'latin1');
}

function encodeText(source, charset) {
  const text = source.replaceAll('\n', charset.newline);
  const bytes = encodingJapanese.convert(encodingJapanese.stringToCode(text), {
    from: 'UNICODE',
    to: charset.name,
    bom: charset.byteOrderMark,
  });
  return Buffer.from(bytes);
}

mkdirSync(documentFolder, { recursive: true });
for (const file of readdirSync(sourceFolder).sort()) {
  const [name, kind] = file.split('.');
  const source = readFileSync(join(sourceFolder, file), 'utf8');
  const title = source.split('\n')[0].replace(/^# /, '');
  const charset = charsets[kind];
  const extension = charset ? 'txt' : kind;
  const bytes = charset
    ? encodeText(source, charset)
    : kind === 'docx'
      ? await makeDocx(source, title)
      : makePdf(source, title);
  writeFileSync(join(documentFolder, `${name}.${extension}`), bytes);
  console.log(`${name}.${extension}: ${bytes.length} bytes`);
}
