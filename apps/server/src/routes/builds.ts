import { listBuilds, readBuild, readFlow } from '@kumiki/store';
import * as contract from '../contract/flows.ts';
import type { App } from '../http/environment.ts';
import { startBuild } from '../runs/start-run.ts';
import { describeBuild } from '../runs/stored-build.ts';
import type { Workbench } from '../workbench.ts';

export function addBuildRoutes(app: App, { store: { database }, running }: Workbench): void {
  app.openapi(contract.startBuild, async (context) => {
    const { workspace } = context.get('caller');
    const { id } = context.req.valid('param');
    const started = await startBuild(running, { workspace, flow: id, ...context.req.valid('json') });
    return context.json(started, 202);
  });

  app.openapi(contract.listBuilds, async (context) => {
    const { workspace } = context.get('caller');
    const { id } = context.req.valid('param');
    await readFlow(database, { workspace, flow: id });
    const page = await listBuilds(database, { workspace, flow: id, ...context.req.valid('query') });
    return context.json({ items: page.items.map(describeBuild), next: page.next }, 200);
  });

  app.openapi(contract.getBuild, async (context) => {
    const { workspace } = context.get('caller');
    const { id, number } = context.req.valid('param');
    const row = await readBuild(database, { workspace, flow: id, build: number });
    return context.json(describeBuild(row), 200);
  });
}
