import * as contract from '../contract/training.ts';
import type { App } from '../http/environment.ts';
import { previewTraining } from '../training/preview-training.ts';
import type { Workbench } from '../workbench.ts';

export function addTrainingRoutes(app: App, workbench: Workbench): void {
  app.openapi(contract.listTrainingRows, async (context) => {
    const { workspace } = context.get('caller');
    const { id: flow, node } = context.req.valid('param');
    const asked = { workspace, flow, node, ...context.req.valid('query') };
    return context.json(await previewTraining(workbench, asked, context.req.raw.signal), 200);
  });
}
