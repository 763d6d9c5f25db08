import { createKey, deleteSecret, type KeyRow, listKeys, listSecrets, putSecret, revokeKey } from '@kumiki/store';
import * as contract from '../contract/endpoints.ts';
import type { App } from '../http/environment.ts';
import { isHostKey, refuseHostKey } from '../models/host-key.ts';
import type { Workbench } from '../workbench.ts';

export function addKeyRoutes(app: App, { callers, store: { database } }: Workbench): void {
  app.openapi(contract.listKeys, async (context) => {
    const { workspace } = context.get('caller');
    const rows = await listKeys(database, { workspace });
    return context.json({ items: rows.map(describeKey) }, 200);
  });

  app.openapi(contract.createKey, async (context) => {
    const { workspace } = context.get('caller');
    const row = await createKey(database, { workspace, ...context.req.valid('json') });
    return context.json({ ...describeKey(row), key: row.key }, 201);
  });

  app.openapi(contract.deleteKey, async (context) => {
    const { workspace } = context.get('caller');
    await revokeKey(database, { workspace, key: context.req.valid('param').id });
    callers.forget();
    return context.body(null, 204);
  });
}

export function addSecretRoutes(app: App, { cipher, store: { database } }: Workbench): void {
  app.openapi(contract.listSecrets, async (context) => {
    const { workspace } = context.get('caller');
    const rows = (await listSecrets(database, { workspace })).filter(({ name }) => !isHostKey(name));
    return context.json(
      { items: rows.map(({ name, updatedAt }) => ({ name, updatedAt: updatedAt.toISOString() })) },
      200,
    );
  });

  app.openapi(contract.putSecret, async (context) => {
    const { workspace } = context.get('caller');
    const { name, value } = context.req.valid('json');
    refuseHostKey(name);
    await putSecret(database, cipher, { workspace, name, value });
    return context.json({ name }, 201);
  });

  app.openapi(contract.deleteSecret, async (context) => {
    const { workspace } = context.get('caller');
    const { name } = context.req.valid('param');
    refuseHostKey(name);
    await deleteSecret(database, { workspace, name });
    return context.body(null, 204);
  });
}

function describeKey(row: KeyRow) {
  const { id, name, prefix, endpoints } = row;
  return {
    id,
    name,
    prefix,
    scopes: row.scopes.filter((scope) => scope === 'v1' || scope === 'api'),
    endpoints: endpoints === null ? null : [...endpoints],
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  };
}
