import { KumikiError } from '@kumiki/node-sdk';
import { and, asc, count, eq, getTableColumns, sql, sum } from 'drizzle-orm';
import { cleanText } from '../database/clean-text.ts';
import { createId } from '../database/create-id.ts';
import type { Database } from '../database/database.ts';
import { findDatabaseCode } from '../database/database-error.ts';
import { collectionFiles, collections } from '../schema/tables.ts';
import type { StoredContent } from './files.ts';
import { makePage, type Page, type PageOptions, pageLimit } from './page.ts';

export type CollectionRow = typeof collections.$inferSelect;
export type CollectionSummary = CollectionRow & { readonly files: number; readonly bytes: number };
/** The same order on every server, whatever its locale. */
const byName = sql`${collections.name} collate "C"`;

export type CollectionFileRow = typeof collectionFiles.$inferSelect;

/** Throws `collection-exists` (409). */
export async function insertCollection(
  database: Database,
  collection: { readonly workspace: string; readonly name: string },
): Promise<CollectionRow> {
  const name = cleanText(collection.name);
  try {
    const [row] = await database
      .insert(collections)
      .values({ id: createId(), workspaceId: collection.workspace, name })
      .returning();
    return row ?? refuseUnknownCollection();
  } catch (error) {
    if (findDatabaseCode(error) === '23505') throw refuseTakenName(name);
    throw error;
  }
}

/** By id or by name, since flows name collections. Throws `collection-unknown`. */
export async function readCollection(
  database: Database,
  at: { readonly workspace: string } & ({ readonly collection: string } | { readonly name: string }),
): Promise<CollectionRow> {
  const [row] = await database
    .select()
    .from(collections)
    .where(
      and(
        eq(collections.workspaceId, at.workspace),
        'name' in at ? eq(collections.name, at.name) : eq(collections.id, at.collection),
      ),
    );
  return row ?? refuseUnknownCollection('name' in at ? at.name : undefined);
}

/** By name. */
export async function listCollections(
  database: Database,
  options: PageOptions & { readonly workspace: string },
): Promise<Page<CollectionSummary>> {
  const rows = await database
    .select({
      ...getTableColumns(collections),
      files: count(collectionFiles.name),
      bytes: sql<number>`coalesce(${sum(collectionFiles.bytes)}, 0)::float8`,
    })
    .from(collections)
    .leftJoin(collectionFiles, eq(collectionFiles.collectionId, collections.id))
    .where(
      and(
        eq(collections.workspaceId, options.workspace),
        options.cursor === undefined ? undefined : sql`${byName} > ${options.cursor}`,
      ),
    )
    .groupBy(collections.id)
    .orderBy(asc(byName))
    .limit(pageLimit(options) + 1);
  return makePage(rows, options, (collection) => collection.name);
}

/** With the list of its files. Throws `collection-unknown`. */
export async function deleteCollection(
  database: Database,
  at: { readonly workspace: string; readonly collection: string },
): Promise<void> {
  const deleted = await database
    .delete(collections)
    .where(and(eq(collections.workspaceId, at.workspace), eq(collections.id, at.collection)))
    .returning({ id: collections.id });
  if (deleted.length === 0) refuseUnknownCollection();
}

/** Adds a file, or replaces the one of that name. Throws `collection-unknown`. */
export async function putCollectionFile(
  database: Database,
  file: StoredContent & { readonly workspace: string; readonly collection: string; readonly name: string },
): Promise<CollectionFileRow> {
  const { sha256, bytes, mediaType } = file;
  return database.transaction(async (transaction) => {
    const [collection] = await transaction
      .update(collections)
      .set({ updatedAt: sql`now()` })
      .where(and(eq(collections.workspaceId, file.workspace), eq(collections.id, file.collection)))
      .returning({ id: collections.id });
    if (collection === undefined) return refuseUnknownCollection();
    const [row] = await transaction
      .insert(collectionFiles)
      .values({
        workspaceId: file.workspace,
        collectionId: collection.id,
        name: cleanText(file.name),
        sha256,
        bytes,
        mediaType,
      })
      .onConflictDoUpdate({
        target: [collectionFiles.collectionId, collectionFiles.name],
        set: { sha256, bytes, mediaType, updatedAt: sql`now()` },
      })
      .returning();
    return row ?? refuseUnknownCollection();
  });
}

/** All of them, by name. A collection is listed whole when a flow is built, so there are no pages here. */
export function listCollectionFiles(
  database: Database,
  at: { readonly workspace: string; readonly collection: string },
): Promise<CollectionFileRow[]> {
  return database
    .select()
    .from(collectionFiles)
    .where(and(eq(collectionFiles.workspaceId, at.workspace), eq(collectionFiles.collectionId, at.collection)))
    .orderBy(asc(sql`${collectionFiles.name} collate "C"`));
}

/** Throws `collection-file-unknown`. */
export async function readCollectionFile(
  database: Database,
  at: { readonly workspace: string; readonly collection: string; readonly name: string },
): Promise<CollectionFileRow> {
  const [row] = await database.select().from(collectionFiles).where(whereFile(at));
  return row ?? refuseUnknownFile(at.name);
}

/** Throws `collection-file-unknown`. */
export async function deleteCollectionFile(
  database: Database,
  at: { readonly workspace: string; readonly collection: string; readonly name: string },
): Promise<CollectionFileRow> {
  const [row] = await database.delete(collectionFiles).where(whereFile(at)).returning();
  return row ?? refuseUnknownFile(at.name);
}

function whereFile(at: { readonly workspace: string; readonly collection: string; readonly name: string }) {
  return and(
    eq(collectionFiles.workspaceId, at.workspace),
    eq(collectionFiles.collectionId, at.collection),
    eq(collectionFiles.name, at.name),
  );
}

function refuseUnknownCollection(name?: string): never {
  throw new KumikiError({
    code: 'collection-unknown',
    message: {
      en: `There is no ${name === undefined ? 'such collection' : `collection “${name}”`}. Create it, or choose another one.`,
      ja: `${name === undefined ? '指定された' : `「${name}」という`}コレクションはありません。コレクションをつくるか、別のコレクションを選んでください。`,
    },
    status: 404,
  });
}

function refuseTakenName(name: string): KumikiError {
  return new KumikiError({
    code: 'collection-exists',
    message: {
      en: `There is a collection “${name}” already. Choose another name.`,
      ja: `「${name}」というコレクションはすでにあります。別の名前を付けてください。`,
    },
    status: 409,
  });
}

function refuseUnknownFile(name: string): never {
  throw new KumikiError({
    code: 'collection-file-unknown',
    message: {
      en: `The collection has no file “${name}”. Look at its list of files.`,
      ja: `このコレクションに「${name}」というファイルはありません。ファイルの一覧を確認してください。`,
    },
    status: 404,
  });
}
