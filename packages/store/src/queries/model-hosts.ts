import { KumikiError } from '@kumiki/node-sdk';
import { and, asc, eq, sql } from 'drizzle-orm';
import { cleanText } from '../database/clean-text.ts';
import { createId } from '../database/create-id.ts';
import type { Database } from '../database/database.ts';
import { findDatabaseCode } from '../database/database-error.ts';
import type { ModelHostKind } from '../schema/access.ts';
import { modelHosts } from '../schema/tables.ts';

export type ModelHostRow = typeof modelHosts.$inferSelect;
type ModelHostContent = {
  readonly kind: ModelHostKind;
  readonly name: string;
  readonly address: string | null;
  /** Name of the secret that holds its key. */
  readonly secret: string | null;
};

/** Throws `model-host-exists` (409). */
export async function insertModelHost(
  database: Database,
  host: ModelHostContent & { readonly workspace: string; readonly id?: string },
): Promise<ModelHostRow> {
  const { kind, name, address, secret } = host;
  return withFreeName(name, async () => {
    const [row] = await database
      .insert(modelHosts)
      .values({
        id: host.id ?? createId(),
        workspaceId: host.workspace,
        kind,
        name: cleanText(name),
        address,
        secret,
      })
      .returning();
    return row;
  });
}

/** Throws `model-host-unknown`. */
export async function readModelHost(
  database: Database,
  at: { readonly workspace: string; readonly host: string },
): Promise<ModelHostRow> {
  const [row] = await database.select().from(modelHosts).where(whereHost(at));
  return row ?? refuseUnknownHost();
}

/** In the order in which they were added. */
export function listModelHosts(database: Database, options: { readonly workspace: string }): Promise<ModelHostRow[]> {
  return database
    .select()
    .from(modelHosts)
    .where(eq(modelHosts.workspaceId, options.workspace))
    .orderBy(asc(modelHosts.id));
}

/** Throws `model-host-unknown`, `model-host-exists`. */
export async function changeModelHost(
  database: Database,
  host: ModelHostContent & { readonly workspace: string; readonly host: string },
): Promise<ModelHostRow> {
  const { kind, name, address, secret } = host;
  return withFreeName(name, async () => {
    const [row] = await database
      .update(modelHosts)
      .set({ kind, name: cleanText(name), address, secret, updatedAt: sql`now()` })
      .where(whereHost(host))
      .returning();
    return row;
  });
}

/** Gives the row back, so that its secret can go too. Throws `model-host-unknown`. */
export async function deleteModelHost(
  database: Database,
  at: { readonly workspace: string; readonly host: string },
): Promise<ModelHostRow> {
  const [row] = await database.delete(modelHosts).where(whereHost(at)).returning();
  return row ?? refuseUnknownHost();
}

function whereHost(at: { readonly workspace: string; readonly host: string }) {
  return and(eq(modelHosts.workspaceId, at.workspace), eq(modelHosts.id, at.host));
}

async function withFreeName(name: string, write: () => Promise<ModelHostRow | undefined>): Promise<ModelHostRow> {
  try {
    return (await write()) ?? refuseUnknownHost();
  } catch (error) {
    if (findDatabaseCode(error) !== '23505') throw error;
    throw new KumikiError({
      code: 'model-host-exists',
      message: {
        en: `There is a model host “${name}” already. Choose another name.`,
        ja: `「${name}」というモデルホストはすでにあります。別の名前を付けてください。`,
      },
      status: 409,
    });
  }
}

function refuseUnknownHost(): never {
  throw new KumikiError({
    code: 'model-host-unknown',
    message: {
      en: 'There is no such model host. Add it under Models, or choose another one.',
      ja: '指定されたモデルホストはありません。「モデル」で追加するか、別のホストを選んでください。',
    },
    status: 404,
  });
}
