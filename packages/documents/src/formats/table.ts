import { foldWhiteSpace } from '../clean-text.ts';
import type { TextWriter } from '../text-writer.ts';

/** A row's cells by column; empty ones are left out. */
export type TableRow = ReadonlyMap<number, string>;

const longestTitle = 60;

/**
 * Writes a table, a row a line. Where the first row names the columns, each cell carries its column's name, so that a row
 * can be understood wherever a chunk is cut: `商品: 組木 | 価格: 1200`.
 */
export function writeTable(rows: readonly TableRow[], writer: TextWriter): void {
  const filled = rows.map(foldCells).filter(({ size }) => size > 0);
  // A title or two often stand above the table itself.
  const begin = Math.max(
    0,
    filled.findIndex(({ size }) => size > 1),
  );
  for (const row of filled.slice(0, begin)) writer.line([...row.values()].join(' | '));
  const [first, ...rest] = filled.slice(begin);
  if (first === undefined) return;
  const titles = rest.length > 0 && namesColumns(first, rest) ? first : null;
  for (const row of titles === null ? [first, ...rest] : rest) {
    const cells = [...row].map(([column, text]) => {
      const title = titles?.get(column);
      return title === undefined ? text : `${title}: ${text}`;
    });
    writer.line(cells.join(' | '));
  }
}

function foldCells(row: TableRow): TableRow {
  const cells = [...row].map(([column, text]) => [column, foldWhiteSpace(text).trim()] as const);
  return new Map(cells.filter(([, text]) => text !== ''));
}

/** Short, different words without figures, one above most columns. */
function namesColumns(first: TableRow, rest: readonly TableRow[]): boolean {
  const titles = [...first.values()];
  if (titles.length < 2 || new Set(titles).size < titles.length) return false;
  if (titles.some((title) => title.length > longestTitle || /^[\d\s.,:/%¥$-]+$/.test(title))) return false;
  const widest = rest.reduce((most, { size }) => Math.max(most, size), 0);
  return titles.length >= widest * 0.6;
}
