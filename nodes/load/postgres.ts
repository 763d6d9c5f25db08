import { secretNamePattern } from '@kumiki/flow';
import {
  type Document,
  defineLoader,
  KumikiError,
  type ManifestEntry,
  type NodeContext,
  reportError,
  type Stream,
  type StreamElement,
  type TableQuery,
  type TableRow,
} from '@kumiki/node-sdk';
import { z } from 'zod';

const settings = z.object({
  connection: z.object({ $secret: z.string().regex(secretNamePattern) }),
  query: z.string().min(1).max(20_000),
  idColumn: z.string().min(1).max(200).default('id'),
  textColumns: z
    .string()
    .max(2_000)
    .regex(/[^\s,]/),
  titleColumn: z.string().max(200).default(''),
  updatedColumn: z.string().max(200).default(''),
  format: z.enum(['text', 'markdown', 'html']).default('text'),
  timeoutSeconds: z.int().min(1).max(3_600).default(60),
});

type Settings = z.output<typeof settings>;

const extensions = { text: 'txt', markdown: 'md', html: 'html' } as const;
/** It says that the bytes are UTF-8, so that nobody has to guess. */
const byteOrderMark = '\uFEFF';

/**
 * Rows of a table or a query, each a document. A row is known by its column of change, or else by the hash of its title
 * and text, which the database computes: listing reads neither. A row that cannot be read becomes an error in its place; a
 * query that fails fails the build.
 */
export const loadPostgres = defineLoader({
  type: 'load/postgres',
  version: 1,
  behaviour: 1,
  title: { en: 'Postgres table', ja: 'Postgres の表' },
  description: {
    en: 'Reads the rows of a table or a query of a Postgres database, each as a document. It never writes there.',
    ja: 'Postgres データベースの表またはクエリの結果を読み込みます。1 行が 1 つの文書になります。データベースへの書き込みは行いません。',
  },
  settings,
  settingTexts: {
    connection: {
      title: { en: 'Connection', ja: '接続先' },
      description: {
        en: 'A secret that holds postgres://user:password@host:5432/name. Best of a user who may only read.',
        ja: 'postgres://user:password@host:5432/name を登録したシークレットです。読み取り専用のユーザーをおすすめします。',
      },
      widget: 'secret',
    },
    query: {
      title: { en: 'Table or query', ja: '表またはクエリ' },
      description: {
        en: 'The name of a table, or a SELECT. It is asked page by page, so that an index on the id column makes it quick.',
        ja: '表の名前、または SELECT 文です。ページに分けて問い合わせるため、ID の列に索引があると速く読み込めます。',
      },
      widget: 'textarea',
    },
    idColumn: {
      title: { en: 'Id column', ja: 'ID の列' },
      description: {
        en: 'Tells rows apart: its values are there, unique, and can be sorted.',
        ja: '行を区別する列です。空や重複がなく、並べ替えのできる値である必要があります。',
      },
    },
    textColumns: {
      title: { en: 'Text columns', ja: '本文の列' },
      description: {
        en: 'Separated by commas. Several are put together, with an empty line between.',
        ja: 'カンマで区切ります。複数の列は、空行を挟んで 1 つの本文にまとめます。',
      },
    },
    titleColumn: {
      title: { en: 'Title column', ja: 'タイトルの列' },
      description: {
        en: 'Names the document in citations. Empty: its id does.',
        ja: '引用に表示する文書名になります。空欄のときは ID を使います。',
      },
    },
    updatedColumn: {
      title: { en: 'Column of change', ja: '更新日時の列' },
      description: {
        en: 'Changes with every change of the row, so that the database need not look at texts to find what is new. Empty: it compares contents.',
        ja: '行を変えるたびに値が変わる列を指定すると、変更の有無を、本文を見ずに調べられます。空欄のときは内容を比較します。',
      },
      advanced: true,
    },
    format: {
      title: { en: 'Format', ja: '形式' },
      options: {
        text: { en: 'Plain text', ja: 'テキスト' },
        markdown: { en: 'Markdown', ja: 'Markdown' },
        html: { en: 'HTML', ja: 'HTML' },
      },
      advanced: true,
    },
    timeoutSeconds: {
      title: { en: 'Wait at most (s)', ja: '待ち時間の上限（秒）' },
      description: {
        en: 'For each page of rows.',
        ja: '1 ページの問い合わせごとの上限です。',
      },
      advanced: true,
    },
  },
  headline: 'query',
  resources: ['network'],
  list: ({ settings, context }) => listRows(settings, context),
  read: ({ settings, context, ids }) => readRows(settings, context, ids),
});

/** Throws `no-documents` where there is no row; what `TableAccess` throws passes through. */
async function listRows(settings: Settings, context: NodeContext): Promise<readonly ManifestEntry[]> {
  const entries: ManifestEntry[] = [];
  for await (const page of context.tables.list(describeQuery(settings))) {
    for (const { id, title, identity, contentHash } of page) {
      entries.push({ id, name: nameRow({ id, title }), identity, contentHash });
    }
  }
  if (entries.length === 0) throw noRows(context.node);
  return entries;
}

async function* readRows(settings: Settings, context: NodeContext, ids: readonly string[] | 'all'): Stream<Document> {
  const gone = new Set(ids === 'all' ? [] : ids);
  const total = ids === 'all' ? null : gone.size;
  let done = 0;
  for await (const page of context.tables.read(describeQuery(settings), ids)) {
    for (const row of page) {
      gone.delete(row.id);
      yield await readRow(row, settings, context);
      done += 1;
      context.progress({ done, total, unit: 'documents' });
    }
  }
  for (const id of gone) yield { document: { id, name: id }, error: reportError(missingRow(id)) };
}

async function readRow(
  row: TableRow,
  { format }: Settings,
  { documents, signal }: NodeContext,
): Promise<StreamElement<Document>> {
  const { id, title, contentHash, identity, texts } = row;
  const name = nameRow(row);
  try {
    if (texts === null) throw refuseLongRow(name);
    const content = new TextEncoder().encode(byteOrderMark + texts.join('\n\n'));
    const file = { name: `${name}.${extensions[format]}`, mediaType: null, content };
    const { mediaType, ...document } = await documents.parse(file, signal);
    const metadata = title === null ? {} : { title };
    return { document: { id, name, mediaType, contentHash, identity, metadata }, items: [document] };
  } catch (error) {
    if (!(error instanceof KumikiError) || error.retryable) throw error;
    return { document: { id, name }, error: reportError(error) };
  }
}

function describeQuery(settings: Settings): TableQuery {
  const { connection, query, idColumn, textColumns, titleColumn, updatedColumn, timeoutSeconds } = settings;
  const names = textColumns.split(',').map((name) => name.trim());
  return {
    connection,
    query,
    idColumn: idColumn.trim(),
    textColumns: names.filter((name) => name !== ''),
    titleColumn: titleColumn.trim() || null,
    updatedColumn: updatedColumn.trim() || null,
    timeoutMilliseconds: timeoutSeconds * 1_000,
  };
}

function nameRow({ id, title }: Pick<TableRow, 'id' | 'title'>): string {
  return title?.trim() || id;
}

function noRows(node: string): KumikiError {
  return new KumikiError({
    code: 'no-documents',
    status: 422,
    node,
    message: {
      en: `The query of “${node}” finds no row. Check the table and the conditions of the query.`,
      ja: `「${node}」のクエリに当てはまる行がありません。表の中身とクエリの条件を確認してください。`,
    },
  });
}

function missingRow(id: string): KumikiError {
  return new KumikiError({
    code: 'document-missing',
    status: 404,
    message: {
      en: `The row “${id}” was listed, but is gone by now. Build again.`,
      ja: `行「${id}」は一覧にはありましたが、読み込むときには削除されていました。もう一度構築してください。`,
    },
  });
}

function refuseLongRow(name: string): KumikiError {
  return new KumikiError({
    code: 'document-too-large',
    status: 422,
    message: {
      en: `The row “${name}” has more than 4 MiB of text. Leave it out of the query, or divide it into several rows.`,
      ja: `行「${name}」の本文が 4 MiB を超えています。クエリで除くか、複数の行に分けてください。`,
    },
  });
}
