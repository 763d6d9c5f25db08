import { KumikiError } from '@kumiki/node-sdk';

/** A slice of a list; `cursor` is the `next` of the slice before. */
export type PageOptions = { readonly cursor?: string | undefined; readonly limit?: number | undefined };
export type Page<Item> = { readonly items: readonly Item[]; readonly next: string | null };

const longestPage = 500;
const usualPage = 50;

export function pageLimit(options: PageOptions): number {
  return Math.max(1, Math.min(longestPage, options.limit ?? usualPage));
}

/** Makes a page of rows that were asked for with one more than its limit. */
export function makePage<Item>(
  rows: readonly Item[],
  options: PageOptions,
  cursorOf: (item: Item) => string,
): Page<Item> {
  const items = rows.slice(0, pageLimit(options));
  const last = items.at(-1);
  return { items, next: rows.length > items.length && last !== undefined ? cursorOf(last) : null };
}

/** Reads a cursor that is a number. Throws `cursor-invalid`. */
export function parseNumberCursor(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  if (!/^\d{1,9}$/.test(cursor)) throw refuseCursor();
  return Number(cursor);
}

/** The cursor of a list that is ordered by a time, then by id. */
export function formatTimeCursor({ updatedAt, id }: { readonly updatedAt: Date; readonly id: string }): string {
  return `${updatedAt.toISOString()}_${id}`;
}

/** Reads a cursor that `formatTimeCursor` made. Throws `cursor-invalid`. */
export function parseTimeCursor(
  cursor: string | undefined,
): { readonly time: string; readonly id: string } | undefined {
  if (cursor === undefined) return undefined;
  const [, time, id] = /^([\d-]{10}T[\d:.]{12}Z)_([\da-f-]{36})$/.exec(cursor) ?? [];
  if (time === undefined || id === undefined || Number.isNaN(Date.parse(time))) throw refuseCursor();
  return { time, id };
}

export function refuseCursor(): KumikiError {
  return new KumikiError({
    code: 'cursor-invalid',
    message: {
      en: 'The cursor is not one that this list gave. Start again without a cursor.',
      ja: 'カーソルがこの一覧のものではありません。カーソルを付けずに最初から取得してください。',
    },
    status: 400,
  });
}
