import { KumikiError } from '@kumiki/node-sdk';
import { and, desc, eq, lt, sql } from 'drizzle-orm';
import { cleanText } from '../database/clean-text.ts';
import { createId } from '../database/create-id.ts';
import { type Database, selectRows } from '../database/database.ts';
import { collectionFiles, files } from '../schema/tables.ts';
import { makePage, type Page, type PageOptions, pageLimit } from './page.ts';

export type FileRow = typeof files.$inferSelect;
/** What a row says of a content that lies in the blob store. */
export type StoredContent = { readonly sha256: string; readonly bytes: number; readonly mediaType: string | null };

export async function insertFile(
  database: Database,
  file: StoredContent & { readonly workspace: string; readonly name: string },
): Promise<FileRow> {
  const { workspace, name, sha256, bytes, mediaType } = file;
  const [row] = await database
    .insert(files)
    .values({ id: createId(), workspaceId: workspace, name: cleanText(name), sha256, bytes, mediaType })
    .returning();
  return row ?? refuseUnknownFile();
}

/** Throws `file-unknown`. */
export async function readFile(
  database: Database,
  at: { readonly workspace: string; readonly file: string },
): Promise<FileRow> {
  const [row] = await database
    .select()
    .from(files)
    .where(and(eq(files.workspaceId, at.workspace), eq(files.id, at.file)));
  return row ?? refuseUnknownFile();
}

/** Newest first. */
export async function listFiles(
  database: Database,
  options: PageOptions & { readonly workspace: string },
): Promise<Page<FileRow>> {
  const rows = await database
    .select()
    .from(files)
    .where(
      and(
        eq(files.workspaceId, options.workspace),
        options.cursor === undefined ? undefined : lt(files.id, options.cursor),
      ),
    )
    .orderBy(desc(files.id))
    .limit(pageLimit(options) + 1);
  return makePage(rows, options, (file) => file.id);
}

/** Gives the row back, so that its content can go too if nobody else names it. Throws `file-unknown`. */
export async function deleteFile(
  database: Database,
  at: { readonly workspace: string; readonly file: string },
): Promise<FileRow> {
  const [row] = await database
    .delete(files)
    .where(and(eq(files.workspaceId, at.workspace), eq(files.id, at.file)))
    .returning();
  return row ?? refuseUnknownFile();
}

/** Whether any row still names a content. Ask it in the transaction that took the last name away. */
export async function isContentNamed(database: Database, sha256: string): Promise<boolean> {
  return (await findUnnamedContents(database, [sha256])).length === 0;
}

/** Those contents that no file and no tuned model has, and that no artifact and no build tells of. */
export async function findUnnamedContents(
  database: Database,
  contentHashes: readonly string[],
): Promise<readonly string[]> {
  const rows = await selectRows<{ sha256: string }>(
    database,
    sql`
      select sha256 from unnest(${sql.param(contentHashes)}::text[]) as asked(sha256)
      where not exists (select from files where files.sha256 = asked.sha256)
        and not exists (select from collection_files file where file.sha256 = asked.sha256)
        and not exists (select from artifacts where artifacts.hashes @> array[asked.sha256])
        and not exists (select from builds where builds.hashes @> array[asked.sha256])
        and not exists (select from tuned_models where tuned_models.hashes @> array[asked.sha256])`,
  );
  return rows.map(({ sha256 }) => sha256);
}

/** A content belongs to whoever has a file of it: knowing its hash is not enough. Throws `file-unknown`. */
export async function checkContentOf(
  database: Database,
  of: { readonly workspace: string; readonly sha256: string },
): Promise<void> {
  const [file] = await database
    .select({ sha256: files.sha256 })
    .from(files)
    .where(and(eq(files.sha256, of.sha256), eq(files.workspaceId, of.workspace)))
    .limit(1);
  if (file !== undefined) return;
  const [collected] = await database
    .select({ sha256: collectionFiles.sha256 })
    .from(collectionFiles)
    .where(and(eq(collectionFiles.sha256, of.sha256), eq(collectionFiles.workspaceId, of.workspace)))
    .limit(1);
  if (collected === undefined) refuseUnknownFile();
}

function refuseUnknownFile(): never {
  throw new KumikiError({
    code: 'file-unknown',
    message: {
      en: 'There is no such file. It may have been deleted; upload it again.',
      ja: '指定されたファイルはありません。削除された可能性があります。もう一度アップロードしてください。',
    },
    status: 404,
  });
}
