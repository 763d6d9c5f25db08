import type { ParseLimits } from '../limits.ts';
import type { TextWriter } from '../text-writer.ts';
import { readRelationships, walkXml, type XmlAttributes } from '../xml.ts';
import { ZipContainer } from '../zip.ts';
import { type TableRow, writeTable } from './table.ts';
import { formatNumber, type NumberFormat, readNumberFormats } from './xlsx-numbers.ts';

const workbookPart = 'xl/workbook.xml';

type Workbook = {
  readonly sheets: readonly { readonly name: string; readonly relationship: string }[];
  /** Days count from 1904 instead of 1900, as on old Macs. */
  readonly from1904: boolean;
};

/** Workbooks: each visible sheet is a heading and a table. Formulas give the values that were last computed. */
export async function writeXlsx(content: Uint8Array, limits: ParseLimits, writer: TextWriter): Promise<void> {
  for await (const { name, rows } of readXlsx(content, limits)) {
    if (rows.length === 0) continue;
    writer.heading(1, name);
    writeTable(
      rows.map(({ cells }) => cells),
      writer,
    );
  }
}

/** A row's cells, and its number in the sheet, from 1. */
export type SheetRow = { readonly line: number; readonly cells: TableRow };

/** The visible sheets in their order. Rows with nothing in them are left out. */
export async function* readXlsx(
  content: Uint8Array,
  limits: ParseLimits,
): AsyncGenerator<{ readonly name: string; readonly rows: readonly SheetRow[] }> {
  const zip = await ZipContainer.open(content, limits);
  const { sheets, from1904 } = readWorkbook((await zip.readXml(workbookPart)) ?? '');
  const relationships = await readRelationships(zip, workbookPart);
  const targetOf = (type: string) => [...relationships.values()].find((one) => one.type === type)?.target ?? '';
  const strings = readSharedStrings((await zip.readXml(targetOf('sharedStrings'))) ?? '');
  const formats = readNumberFormats((await zip.readXml(targetOf('styles'))) ?? '');
  for (const { name, relationship } of sheets) {
    const xml = await zip.readXml(relationships.get(relationship)?.target ?? '');
    yield { name, rows: readSheet(xml ?? '', strings, { formats, from1904 }) };
  }
}

function readWorkbook(xml: string): Workbook {
  const sheets: { name: string; relationship: string }[] = [];
  let from1904 = false;
  walkXml(xml, {
    open(tag, attributes) {
      if (tag === 'workbookPr') from1904 = attributes.date1904 === '1' || attributes.date1904 === 'true';
      const { name, state = 'visible' } = attributes;
      const relationship = attributes['r:id'];
      if (tag === 'sheet' && name !== undefined && relationship !== undefined && state === 'visible') {
        sheets.push({ name, relationship });
      }
    },
  });
  return { sheets, from1904 };
}

/** Strings by number. Readings (rPh), which Japanese Excel keeps beside what was typed, are left out. */
function readSharedStrings(xml: string): readonly string[] {
  const strings: string[] = [];
  let text = '';
  let inText = false;
  let inReading = false;
  walkXml(xml, {
    open(name) {
      if (name === 'si') text = '';
      else if (name === 'rPh') inReading = true;
      else if (name === 't') inText = true;
    },
    text(data) {
      if (inText && !inReading) text += data;
    },
    close(name) {
      if (name === 'si') strings.push(text);
      else if (name === 'rPh') inReading = false;
      else if (name === 't') inText = false;
    },
  });
  return strings;
}

function readSheet(
  xml: string,
  strings: readonly string[],
  numbers: { readonly formats: readonly NumberFormat[]; readonly from1904: boolean },
): SheetRow[] {
  const rows: SheetRow[] = [];
  let row = new Map<number, string>();
  let line = 0;
  let cell: XmlAttributes = {};
  let column = -1;
  let value = '';
  let inValue = false;
  walkXml(xml, {
    open(name, attributes) {
      if (name === 'row') {
        row = new Map();
        column = -1;
        line = Number(attributes.r) || line + 1;
      } else if (name === 'c') {
        cell = attributes;
        column = readColumn(attributes.r) ?? column + 1;
        value = '';
      } else if (name === 'v' || name === 't') inValue = true;
    },
    text(data) {
      if (inValue) value += data;
    },
    close(name) {
      if (name === 'v' || name === 't') inValue = false;
      else if (name === 'c') {
        const text = readCell(cell, value, strings, numbers);
        if (text !== '') row.set(column, text);
      } else if (name === 'row' && row.size > 0) rows.push({ line, cells: row });
    },
  });
  return rows;
}

function readCell(
  { t: type, s: style }: XmlAttributes,
  value: string,
  strings: readonly string[],
  { formats, from1904 }: { readonly formats: readonly NumberFormat[]; readonly from1904: boolean },
): string {
  switch (type) {
    case 's':
      return strings[Number(value)] ?? '';
    case 'b':
      return value === '1' ? 'TRUE' : 'FALSE';
    case 'str':
    case 'inlineStr':
    case 'd':
      return value;
    case 'e':
      return '';
    default:
      return formatNumber(value, formats[Number(style ?? 0)] ?? 'general', from1904);
  }
}

/** `BC12` is column 54, from 0. */
function readColumn(reference: string | undefined): number | null {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? '')?.[0];
  if (letters === undefined) return null;
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}
