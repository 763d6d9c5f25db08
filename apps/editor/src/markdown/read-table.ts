import type { SyntaxNode } from '@lezer/common';
import { listChildren, type MarkdownElement, type MarkdownNode, makeElement } from './markdown-tree.ts';

type Align = MarkdownElement['align'];

/** A table by its rows. Each has as many cells as the head, which is where a row's missing or empty ones stay empty. */
export function readTable(
  table: SyntaxNode,
  text: string,
  readCell: (cell: SyntaxNode) => readonly MarkdownNode[],
): MarkdownElement {
  const rule = table.getChild('TableDelimiter');
  const aligns = rule === null ? [] : readAligns(text.slice(rule.from, rule.to));
  const rows = listChildren(table).filter(({ name }) => name !== 'TableDelimiter');
  return makeElement(
    table,
    'table',
    rows.map((row) => {
      const cells = placeCells(row);
      const tag = row.name === 'TableHeader' ? 'th' : 'td';
      return makeElement(
        row,
        'tr',
        aligns.map((align, column) => {
          const cell = cells[column];
          const place = { from: cell?.from ?? row.to + column, to: row.to };
          return { ...makeElement(place, tag, cell === undefined ? [] : readCell(cell)), ...(align && { align }) };
        }),
      );
    }),
  );
}

/** Of the line `|:--|--:|` below the head. */
function readAligns(rule: string): readonly Align[] {
  const columns = rule
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|');
  return columns.map((column) => {
    const mark = column.trim();
    if (!mark.endsWith(':')) return undefined;
    return mark.startsWith(':') ? 'center' : 'right';
  });
}

/** By column: an empty cell has no node, so that delimiters are counted. The first one may stand before the first cell. */
function placeCells(row: SyntaxNode): readonly (SyntaxNode | undefined)[] {
  const cells: (SyntaxNode | undefined)[] = [];
  let column = 0;
  for (const [place, child] of listChildren(row).entries()) {
    if (child.name === 'TableCell') cells[column] = child;
    else if (place > 0) column += 1;
  }
  return cells;
}
