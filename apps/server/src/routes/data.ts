import { listArtifacts, readArtifact } from '@kumiki/store';
import { collectUnnamed } from '../collect.ts';
import * as contract from '../contract/data.ts';
import { forget } from '../forget.ts';
import type { App } from '../http/environment.ts';
import { createDataSetAccess } from '../runs/data-set-access.ts';
import { describeExample, findDataSet, readExamples, refuseOtherArtifact } from '../runs/read-examples.ts';
import type { Workbench } from '../workbench.ts';

export function addDataRoutes(app: App, workbench: Workbench): void {
  const { blobs, contents, running, presence, configuration } = workbench;
  const { database } = workbench.store;
  const { graceHours } = configuration;

  app.openapi(contract.listArtifacts, async (context) => {
    const { workspace } = context.get('caller');
    const page = await listArtifacts(database, { workspace, ...context.req.valid('query') });
    const items = page.items.map(({ redactedAt, createdAt, usedAt, builds, ...artifact }) => ({
      ...artifact,
      redacted: redactedAt !== null,
      createdAt: createdAt.toISOString(),
      usedAt: usedAt.toISOString(),
      builds: [...builds],
    }));
    return context.json({ items, next: page.next }, 200);
  });

  app.openapi(contract.listExamples, async (context) => {
    const { workspace } = context.get('caller');
    const { fingerprint } = context.req.valid('param');
    const artifact = await readArtifact(database, { workspace, fingerprint });
    const dataset = findDataSet(artifact);
    if (dataset === null) throw refuseOtherArtifact(artifact.nodeType);
    const { signal } = context.req.raw;
    const page = await readExamples(createDataSetAccess({ blobs, signal }), dataset, context.req.valid('query'));
    const report = dataset.report.map((note) => ({ ...note, places: [...note.places] }));
    return context.json(
      { items: page.items.map(describeExample), next: page.next, examples: dataset.examples, report },
      200,
    );
  });

  app.openapi(contract.collectArtifacts, async (context) => {
    const { workspace } = context.get('caller');
    const { dryRun } = context.req.valid('json');
    const parts = { database, blobs, contents, graceHours };
    const collected = await collectUnnamed(parts, { workspace, dryRun }, running.closing);
    return context.json({ dryRun, ...collected }, 200);
  });

  app.openapi(contract.forget, async (context) => {
    const { workspace } = context.get('caller');
    const { dryRun, ...asked } = context.req.valid('json');
    const parts = { database, blobs, contents, recorder: running.recorder, presence };
    // Whoever asked may leave: what has begun to go goes.
    return context.json(await forget(parts, { workspace, asked, dryRun }, running.closing), 200);
  });
}
