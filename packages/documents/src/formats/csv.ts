import type { TextWriter } from '../text-writer.ts';
import { type TableRow, writeTable } from './table.ts';

/** Comma, semicolon or tab separated values (RFC 4180, read forgivingly). */
export function writeCsv(text: string, writer: TextWriter): void {
  writeTable(parseRows(text, findSeparator(text)), writer);
}

/** Whichever stands most often in the first line, outside of quotes. */
function findSeparator(text: string): string {
  const line = (text.split('\n', 1)[0] ?? '').replace(/"[^"]*"/g, '');
  const counts = ['\t', ',', ';'].map((separator) => ({ separator, count: line.split(separator).length }));
  return counts.reduce((left, right) => (right.count > left.count ? right : left)).separator;
}

function parseRows(text: string, separator: string): TableRow[] {
  const rows: TableRow[] = [];
  let row = new Map<number, string>();
  let column = 0;
  let at = 0;
  while (at < text.length) {
    const { value, end } = readField(text, at, separator);
    if (value !== '') row.set(column, value);
    column++;
    at = end;
    if (text.startsWith(separator, at)) {
      at += separator.length;
      continue;
    }
    rows.push(row);
    row = new Map();
    column = 0;
    at += text.startsWith('\r\n', at) ? 2 : 1;
  }
  if (row.size > 0) rows.push(row);
  return rows;
}

/** A field in quotes may hold separators and line ends; a quote that never closes is a character like any other. */
function readField(text: string, start: number, separator: string): { value: string; end: number } {
  if (text.charAt(start) === '"') {
    const quoted = /"([^"]*(?:""[^"]*)*)"[ \t]*/y;
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
