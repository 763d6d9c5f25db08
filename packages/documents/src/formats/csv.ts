import type { TextWriter } from '../text-writer.ts';
import { type TableRow, writeTable } from './table.ts';

/** Comma, semicolon or tab separated values (RFC 4180, read forgivingly). */
export function writeCsv(text: string, writer: TextWriter): void {
  writeTable(
    readCsv(text).map(({ cells }) => cells),
    writer,
  );
}

/** A row's cells, and the line of the text where it begins, from 1. */
export type CsvRow = { readonly line: number; readonly cells: TableRow };

/** Rows with nothing in them are left out. */
export function readCsv(text: string): CsvRow[] {
  return parseRows(text, findSeparator(text)).filter(({ cells }) => cells.size > 0);
}

/** Whichever stands most often in the first line, outside of quotes. */
function findSeparator(text: string): string {
  const line = (text.split('\n', 1)[0] ?? '').replace(/"[^"]*"/g, '');
  const counts = ['\t', ',', ';'].map((separator) => ({ separator, count: line.split(separator).length }));
  return counts.reduce((left, right) => (right.count > left.count ? right : left)).separator;
}

function parseRows(text: string, separator: string): CsvRow[] {
  const rows: CsvRow[] = [];
  let cells = new Map<number, string>();
  let column = 0;
  let at = 0;
  let line = 1;
  let begin = 0;
  while (at < text.length) {
    const { value, end } = readField(text, at, separator);
    if (value !== '') cells.set(column, value);
    column++;
    at = end;
    if (text.startsWith(separator, at)) {
      at += separator.length;
      continue;
    }
    rows.push({ line, cells });
    cells = new Map();
    column = 0;
    at += text.startsWith('\r\n', at) ? 2 : 1;
    line += countLineEnds(text, begin, at);
    begin = at;
  }
  if (cells.size > 0) rows.push({ line, cells });
  return rows;
}

function countLineEnds(text: string, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at++) {
    const unit = text.charAt(at);
    if (unit === '\n' || (unit === '\r' && text.charAt(at + 1) !== '\n')) count++;
  }
  return count;
}

/** A field in quotes may hold separators and line ends; a quote that never closes is a character like any other. */
function readField(text: string, start: number, separator: string): { value: string; end: number } {
  if (text.charAt(start) === '"') {
    // Blanks may stand behind the closing quote, but a tab that separates is no blank.
    const quoted = separator === '\t' ? /"([^"]*(?:""[^"]*)*)" */y : /"([^"]*(?:""[^"]*)*)"[ \t]*/y;
    quoted.lastIndex = start;
    const match = quoted.exec(text);
    const end = quoted.lastIndex;
    const closes = end >= text.length || text.startsWith(separator, end) || /[\r\n]/.test(text.charAt(end));
    if (match !== null && closes) return { value: (match[1] ?? '').replaceAll('""', '"'), end };
  }
  let end = start;
  while (
    end < text.length &&
    !text.startsWith(separator, end) &&
    text.charAt(end) !== '\n' &&
    text.charAt(end) !== '\r'
  )
    end++;
  return { value: text.slice(start, end), end };
}
