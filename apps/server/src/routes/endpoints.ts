import {
  changeEndpoint,
  deleteEndpoint,
  type EndpointRow,
  insertEndpoint,
  listEndpoints,
  readEndpoint,
} from '@kumiki/store';
import * as contract from '../contract/endpoints.ts';
import type { App } from '../http/environment.ts';
import { asArray } from '../http/plain.ts';
import { findPromptWarnings } from '../serving/prompt-warnings.ts';
import type { Workbench } from '../workbench.ts';

export function addEndpointRoutes(app: App, { store: { database }, endpoints }: Workbench): void {
  app.openapi(contract.listEndpoints, async (context) => {
    const { workspace } = context.get('caller');
    const rows = await listEndpoints(database, { workspace });
    return context.json({ items: rows.map(describeEndpoint) }, 200);
  });

  app.openapi(contract.createEndpoint, async (context) => {
    const { workspace } = context.get('caller');
    const endpoint = context.req.valid('json');
    const warnings = await findPromptWarnings(await endpoints.checkRoutes(workspace, endpoint.routes));
    const row = await insertEndpoint(database, { workspace, ...endpoint });
    await endpoints.reload(workspace, row.slug);
    return context.json({ ...describeEndpoint(row), warnings: asArray(warnings) }, 201);
  });

  app.openapi(contract.getEndpoint, async (context) => {
    const { workspace } = context.get('caller');
    const row = await readEndpoint(database, { workspace, slug: context.req.valid('param').slug });
    return context.json(describeEndpoint(row), 200);
  });

  app.openapi(contract.changeEndpoint, async (context) => {
    const { workspace } = context.get('caller');
    const { slug } = context.req.valid('param');
    const endpoint = context.req.valid('json');
    const warnings = await findPromptWarnings(await endpoints.checkRoutes(workspace, endpoint.routes));
    const row = await changeEndpoint(database, { workspace, slug, ...endpoint });
    await endpoints.reload(workspace, slug);
    return context.json({ ...describeEndpoint(row), warnings: asArray(warnings) }, 200);
  });

  app.openapi(contract.deleteEndpoint, async (context) => {
    const { workspace } = context.get('caller');
    const { slug } = context.req.valid('param');
    await deleteEndpoint(database, { workspace, slug });
    await endpoints.reload(workspace, slug);
    return context.body(null, 204);
  });
}

function describeEndpoint(row: EndpointRow) {
  return {
    slug: row.slug,
    follow: row.follow,
    routes: [...row.routes],
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
