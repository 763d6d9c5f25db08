import type { TableQuery } from '@kumiki/node-sdk';

/** More text than this is too much for one document. */
export const longestRowBytes = 4 * 1_048_576;

/** What is asked of a table; `idType` is the type of its id, as Postgres writes it. */
export type TableStatements = {
  readonly columns: string;
  readonly missingId: string;
  /** Parameters: the id to go on after, where `after`. */
  listPage(options: { readonly idType: string; readonly after: boolean; readonly limit: number }): string;
  readPage(options: { readonly idType: string; readonly after: boolean; readonly limit: number }): string;
  /** Parameters: the ids, as a JSON list of texts. */
  readIds(idType: string): string;
};

/** Writes the statements of a table. Everything comes back as text, so that no type is read by two who disagree. */
export function writeStatements(table: TableQuery): TableStatements {
  const source = writeSource(table.query);
  const id = writeColumn(table.idColumn);
  const title = table.titleColumn === null ? 'null::text' : `${writeColumn(table.titleColumn)}::text`;
  const updated = table.updatedColumn === null ? 'null::text' : `${writeColumn(table.updatedColumn)}::text`;
  const texts = table.textColumns.map((column) => `${writeColumn(column)}::text`);
  const hash = `encode(sha256(convert_to(jsonb_build_array(${[title, ...texts].join(', ')})::text, 'UTF8')), 'hex')`;
  const bytes = texts.map((text) => `coalesce(octet_length(${text}), 0)`).join(' + ');
  // A title names; what a column holds beyond that is no name any more, and would be held for every row that is listed.
  const known = `${id}::text as id, left(${title}, 300) as title, ${updated} as updated`;
  const listed = `${known}, case when ${updated} is null then ${hash} end as hash`;
  const read = [
    `${known}, ${hash} as hash, (${bytes}) > ${longestRowBytes} as is_too_long`,
    ...texts.map((text, place) => `case when (${bytes}) <= ${longestRowBytes} then ${text} end as text_${place}`),
  ].join(', ');
  const writePage = (selected: string, { idType, after, limit }: Parameters<TableStatements['listPage']>[0]) =>
    `select ${selected} from ${source} where ${after ? `${id} > $1::text::${idType}` : 'true'} order by ${id} limit ${limit}`;
  return {
    columns: `select * from ${source} limit 0`,
    missingId: `select 1 as found from ${source} where ${id} is null limit 1`,
    listPage: (options) => writePage(listed, options),
    readPage: (options) => writePage(read, options),
    readIds: (idType) =>
      `select ${read} from ${source} where ${id} = any(array(select jsonb_array_elements_text($1::text::jsonb))::${idType}[])`,
  };
}

/** The name of a type, as Postgres writes it in a cast. Parameter: its number. */
export const typeNameStatement = 'select format_type($1::text::oid, null) as name';

/** A line end before the bracket: the query may end in a comment. */
function writeSource(query: string): string {
  const text = query.trim().replace(/[\s;]+$/, '');
  return /\s/.test(text) ? `(${text}\n) as source` : `(select * from ${text}) as source`;
}

function writeColumn(name: string): string {
  return `source."${name.replaceAll('"', '""')}"`;
}
