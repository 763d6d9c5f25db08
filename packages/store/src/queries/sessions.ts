import { and, eq, gt, lte, sql } from 'drizzle-orm';
import type { Database } from '../database/database.ts';
import { sessions } from '../schema/tables.ts';

/** Keeps a session by the hash of its token, and drops those that have ended. */
export async function insertSession(
  database: Database,
  session: { readonly workspace: string; readonly hash: string; readonly expiresAt: Date },
): Promise<void> {
  await database.delete(sessions).where(lte(sessions.expiresAt, sql`now()`));
  await database
    .insert(sessions)
    .values({ hash: session.hash, workspaceId: session.workspace, expiresAt: session.expiresAt });
}

/** The workspace of a session that has not ended, or null. */
export async function findSession(database: Database, hash: string): Promise<{ readonly workspace: string } | null> {
  const [row] = await database
    .select({ workspace: sessions.workspaceId })
    .from(sessions)
    .where(and(eq(sessions.hash, hash), gt(sessions.expiresAt, sql`now()`)));
  return row ?? null;
}

export async function deleteSession(database: Database, hash: string): Promise<void> {
  await database.delete(sessions).where(eq(sessions.hash, hash));
}
