import { type AdapterValue, KumikiError } from '@kumiki/node-sdk';
import { and, desc, eq, lt, or, sql } from 'drizzle-orm';
import { cleanJson, cleanText } from '../database/clean-text.ts';
import { createId } from '../database/create-id.ts';
import { type Database, selectRows } from '../database/database.ts';
import { tunedModels } from '../schema/tables.ts';
import type { TunedBase } from '../schema/tuned-models.ts';
import { makePage, type Page, type PageOptions, pageLimit } from './page.ts';

export type TunedModelRow = typeof tunedModels.$inferSelect;

export type NewTunedModel = {
  readonly workspace: string;
  readonly name?: string | null;
  readonly origin: TunedModelRow['origin'];
  readonly adapter: AdapterValue;
  readonly base: TunedBase;
  readonly card: TunedModelRow['card'];
  readonly run?: string | null;
  readonly node?: string | null;
};

/**
 * Keeps a tuned model. Where its very files are kept already, that one stays and is given back. Throws
 * `tuned-model-exists` where another has the name.
 */
export async function insertTunedModel(database: Database, model: NewTunedModel): Promise<TunedModelRow> {
  const { workspace, name = null, origin, adapter, base, card, run = null, node = null } = model;
  if (name !== null) await checkFreeName(database, { workspace, name, except: null });
  const [row] = await database
    .insert(tunedModels)
    .values({
      id: createId(),
      workspaceId: workspace,
      name: name === null ? null : cleanText(name),
      origin,
      digest: adapter.digest,
      adapter: cleanJson(adapter),
      base: cleanJson(base),
      hashes: adapter.files.map(({ sha256 }) => sha256),
      card: cleanJson(card),
      runId: run,
      node: node === null ? null : cleanText(node),
    })
    .onConflictDoNothing({ target: [tunedModels.workspaceId, tunedModels.digest] })
    .returning();
  if (row !== undefined) return row;
  const [known] = await database
    .select()
    .from(tunedModels)
    .where(and(eq(tunedModels.workspaceId, workspace), eq(tunedModels.digest, adapter.digest)));
  return known ?? refuseUnknown();
}

/** Newest first; of a digest there is one at most. */
export async function listTunedModels(
  database: Database,
  options: PageOptions & { readonly workspace: string; readonly digest?: string | undefined },
): Promise<Page<TunedModelRow>> {
  const rows = await database
    .select()
    .from(tunedModels)
    .where(
      and(
        eq(tunedModels.workspaceId, options.workspace),
        options.cursor === undefined ? undefined : lt(tunedModels.id, options.cursor),
        options.digest === undefined ? undefined : eq(tunedModels.digest, options.digest),
      ),
    )
    .orderBy(desc(tunedModels.id))
    .limit(pageLimit(options) + 1);
  return makePage(rows, options, (model) => model.id);
}

/** By its id, or by its name as flows may have it. Throws `tuned-model-unknown`. */
export async function readTunedModel(
  database: Database,
  at: { readonly workspace: string; readonly model: string },
): Promise<TunedModelRow> {
  const [row] = await database
    .select()
    .from(tunedModels)
    .where(
      and(
        eq(tunedModels.workspaceId, at.workspace),
        or(eq(tunedModels.id, at.model), eq(tunedModels.name, cleanText(at.model))),
      ),
    )
    .limit(1);
  return row ?? refuseUnknown();
}

/** By the digest of its adapter, which a model on a wire tells; null where nobody keeps it. */
export async function readTunedModelByDigest(
  database: Database,
  at: { readonly workspace: string; readonly digest: string },
): Promise<TunedModelRow | null> {
  const [row] = await database
    .select()
    .from(tunedModels)
    .where(and(eq(tunedModels.workspaceId, at.workspace), eq(tunedModels.digest, at.digest)));
  return row ?? null;
}

/** Throws `tuned-model-unknown`, `tuned-model-exists`, and `tuned-model-in-use` where flows know it by its old name. */
export async function renameTunedModel(
  database: Database,
  at: { readonly workspace: string; readonly model: string; readonly name: string },
): Promise<TunedModelRow> {
  return database.transaction(async (transaction) => {
    const row = await readTunedModel(transaction, at);
    if (row.name === at.name) return row;
    await checkFreeName(transaction, { ...at, except: row.id });
    if (row.name !== null) refuseUses(await findFlowsNaming(transaction, at.workspace, [row.name]));
    const [changed] = await transaction
      .update(tunedModels)
      .set({ name: cleanText(at.name), updatedAt: sql`now()` })
      .where(eq(tunedModels.id, row.id))
      .returning();
    return changed ?? refuseUnknown();
  });
}

/**
 * Gives the row back, so that its files can go too if nothing else names them. Throws `tuned-model-unknown`, and
 * `tuned-model-in-use` with the flows that have it in a build or in their settings.
 */
export async function deleteTunedModel(
  database: Database,
  at: { readonly workspace: string; readonly model: string },
): Promise<TunedModelRow> {
  return database.transaction(async (transaction) => {
    const row = await readTunedModel(transaction, at);
    const names = [row.id, ...(row.name === null ? [] : [row.name])];
    refuseUses([
      ...(await findFlowsNaming(transaction, at.workspace, names)),
      ...(await findFlowsBuiltWith(transaction, row)),
    ]);
    await transaction.delete(tunedModels).where(eq(tunedModels.id, row.id));
    return row;
  });
}

type FlowName = { readonly id: string; readonly name: string };

/** Flows whose draft, or a version that was built, asks for a tuned model by one of these names. */
async function findFlowsNaming(
  database: Database,
  workspace: string,
  names: readonly string[],
): Promise<readonly FlowName[]> {
  const asks = sql`'strict $.nodes.*.settings.tuned ? (@ == $names[*])'`;
  const variables = sql`jsonb_build_object('names', ${JSON.stringify(names)}::jsonb)`;
  return selectRows<FlowName>(
    database,
    sql`
      select id, name from flows
      where workspace_id = ${workspace} and (
        jsonb_path_exists(document, ${asks}, ${variables}, true)
        or exists (
          select from flow_versions version
          where version.flow_id = flows.id and jsonb_path_exists(version.document, ${asks}, ${variables}, true)
            and exists (
              select from builds where builds.flow_id = flows.id and builds.version = version.number)))
      order by name limit 20`,
  );
}

/** Flows with a build that holds the weights. */
async function findFlowsBuiltWith(database: Database, row: TunedModelRow): Promise<readonly FlowName[]> {
  const weights = row.adapter.files.find(({ name }) => name.endsWith('.safetensors'))?.sha256 ?? '';
  return selectRows<FlowName>(
    database,
    sql`
      select id, name from flows
      where workspace_id = ${row.workspaceId}
        and exists (select from builds where builds.flow_id = flows.id and builds.hashes @> array[${weights}])
      order by name limit 20`,
  );
}

async function checkFreeName(
  database: Database,
  of: { readonly workspace: string; readonly name: string; readonly except: string | null },
): Promise<void> {
  const [other] = await database
    .select({ id: tunedModels.id })
    .from(tunedModels)
    .where(and(eq(tunedModels.workspaceId, of.workspace), eq(tunedModels.name, cleanText(of.name))));
  if (other === undefined || other.id === of.except) return;
  throw new KumikiError({
    code: 'tuned-model-exists',
    status: 409,
    path: '/name',
    message: {
      en: `There is a tuned model called “${of.name}” already. Choose another name.`,
      ja: `「${of.name}」という調整済みモデルがすでにあります。別の名前を付けてください。`,
    },
  });
}

function refuseUses(flows: readonly FlowName[]): void {
  const names = [...new Map(flows.map(({ id, name }) => [id, name])).values()];
  if (names.length === 0) return;
  throw new KumikiError({
    code: 'tuned-model-in-use',
    status: 409,
    message: {
      en: `The tuned model is used by: ${names.map((name) => `“${name}”`).join(', ')}. Take it out of their settings; where one of their builds holds it, it stays until that flow is deleted.`,
      ja: `この調整済みモデルは次のフローで使われています：${names.map((name) => `「${name}」`).join('')}。フローの設定から外してください。構築に含まれている場合は、そのフローを削除するまで残ります。`,
    },
  });
}

function refuseUnknown(): never {
  throw new KumikiError({
    code: 'tuned-model-unknown',
    status: 404,
    message: {
      en: 'There is no such tuned model. It may have been deleted; choose one from the list.',
      ja: '指定された調整済みモデルはありません。削除された可能性があります。一覧から選んでください。',
    },
  });
}
