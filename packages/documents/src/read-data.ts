import { type DataRow, type FileData, KumikiError } from '@kumiki/node-sdk';
import { decodeText, looksBinary } from './decode-text.ts';
import { documentError } from './document-error.ts';
import { readSignature } from './file-types.ts';
import { readCsv } from './formats/csv.ts';
import type { TableRow } from './formats/table.ts';
import { readXlsx } from './formats/xlsx.ts';
import type { ParseLimits } from './limits.ts';
import { type FileToParse, nameError } from './parse-document.ts';
import { ZipContainer } from './zip.ts';

/** Whatever stands further right is no table that people fill in, and a cell may claim to stand anywhere. */
const mostColumns = 1_024;

/**
 * Reads a file of data, here and now; callers want it in a process apart. Every failure is a KumikiError with one of the
 * parser's codes.
 */
export async function readData(file: FileToParse, limits: ParseLimits): Promise<FileData> {
  const { name, content } = file;
  if (content.byteLength > limits.fileBytes) throw documentError('document-too-large', name);
  try {
    const signature = readSignature(content);
    if (signature?.container === 'zip') return await readArchive(content, limits);
    const text = decodeText(content);
    if (text === null || (signature !== null && looksBinary(content))) throw refuseType(name);
    const plain = text.replace(/^\ufeff/, '');
    return /\.(?:csv|tsv)$/i.test(name)
      ? { kind: 'tables', tables: [{ name: '', rows: readCsv(plain).map(toDataRow) }] }
      : { kind: 'text', text: plain };
  } catch (error) {
    throw error instanceof KumikiError ? error : nameError(error, name);
  }
}

async function readArchive(content: Uint8Array, limits: ParseLimits): Promise<FileData> {
  const zip = await ZipContainer.open(content, limits);
  if (zip.has('xl/workbook.xml')) {
    const tables = [];
    for await (const { name, rows } of readXlsx(content, limits)) tables.push({ name, rows: rows.map(toDataRow) });
    return { kind: 'tables', tables };
  }
  const members = [];
  for (const name of zip.names.toSorted()) {
    // macOS puts its own notes beside every file of an archive.
    if (name.endsWith('/') || name.startsWith('__MACOSX/')) continue;
    const bytes = await zip.read(name);
    const text = bytes === null || looksBinary(bytes) ? null : decodeText(bytes);
    if (text !== null) members.push({ name, text: text.replace(/^\ufeff/, '') });
  }
  return { kind: 'archive', members };
}

function toDataRow({ line, cells }: { readonly line: number; readonly cells: TableRow }): DataRow {
  const length = Math.min(mostColumns, Math.max(0, ...[...cells.keys()].map((column) => column + 1)));
  return { line, cells: Array.from({ length }, (_, column) => cells.get(column) ?? '') };
}

function refuseType(name: string): KumikiError {
  return documentError('document-type-unknown', name, {
    detail: {
      en: 'These types can be read here: JSON, JSON Lines, CSV, TSV, Excel (XLSX), and ZIP archives of them.',
      ja: 'ここで読み取れる種類：JSON、JSON Lines、CSV、TSV、Excel (XLSX)、およびそれらの ZIP',
    },
  });
}
