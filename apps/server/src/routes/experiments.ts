import type { JsonValue } from '@kumiki/flow';
import { deleteExperiment, listExperiments, putExperimentForm, readExperiment } from '@kumiki/store';
import { nameCaller } from '../access/caller.ts';
import * as contract from '../contract/experiments.ts';
import { writeAnswersCsv } from '../experiments/answers-csv.ts';
import { checkExperiment, createExperiment } from '../experiments/create-experiment.ts';
import { describeExperiment } from '../experiments/describe-experiment.ts';
import { listExperimentRows } from '../experiments/experiment-rows.ts';
import { labelPair, listLabelPairs } from '../experiments/label-pairs.ts';
import { makeReport } from '../experiments/report/make-report.ts';
import type { App } from '../http/environment.ts';
import { asArray } from '../http/plain.ts';
import type { Workbench } from '../workbench.ts';

export function addExperimentRoutes(app: App, workbench: Workbench): void {
  const { blobs, hosts, running: start } = workbench;
  const { database } = workbench.store;
  const withSignal = (signal: AbortSignal) => ({ database, start, hosts, blobs, signal });
  const read = (workspace: string, experiment: string) => readExperiment(database, { workspace, experiment });

  app.openapi(contract.createExperiment, async (context) => {
    const { workspace } = context.get('caller');
    const parts = withSignal(context.req.raw.signal);
    const experiment = await createExperiment(parts, workspace, context.req.valid('json'));
    return context.json(describeExperiment(await read(workspace, experiment)), 201);
  });

  app.openapi(contract.checkExperiment, async (context) => {
    const { workspace } = context.get('caller');
    const parts = withSignal(context.req.raw.signal);
    const { arms, findings, planned } = await checkExperiment(parts, workspace, context.req.valid('json'));
    const trained = arms.map(({ arm: { key: arm } }) => {
      const count = (kind: 'exact' | 'near') =>
        findings.trained.filter((one) => one.arm === arm && one.kind === kind).length;
      return { arm, exact: count('exact'), near: count('near') };
    });
    return context.json({ warnings: findings.warnings, answers: planned, trained }, 200);
  });

  app.openapi(contract.listExperiments, async (context) => {
    const { workspace } = context.get('caller');
    const page = await listExperiments(database, { workspace, ...context.req.valid('query') });
    return context.json({ items: page.items.map(describeExperiment), next: page.next }, 200);
  });

  app.openapi(contract.getExperiment, async (context) => {
    const row = await read(context.get('caller').workspace, context.req.valid('param').id);
    return context.json(describeExperiment(row), 200);
  });

  app.openapi(contract.deleteExperiment, async (context) => {
    const { workspace } = context.get('caller');
    await deleteExperiment(database, { workspace, experiment: context.req.valid('param').id });
    return context.body(null, 204);
  });

  app.openapi(contract.listExperimentRows, async (context) => {
    const row = await read(context.get('caller').workspace, context.req.valid('param').id);
    return context.json(await listExperimentRows(database, row, context.req.valid('query')), 200);
  });

  app.openapi(contract.putExperimentForm, async (context) => {
    const { workspace } = context.get('caller');
    const form = context.req.valid('json');
    // JSON by its schema.
    const kept = form as JsonValue;
    await putExperimentForm(database, { workspace, experiment: context.req.valid('param').id, form: kept });
    return context.json(form, 200);
  });

  app.openapi(contract.getExperimentReport, async (context) => {
    const row = await read(context.get('caller').workspace, context.req.valid('param').id);
    return context.json(await makeReport(database, row), 200);
  });

  app.openapi(contract.getExperimentAnswersCsv, async (context) => {
    const row = await read(context.get('caller').workspace, context.req.valid('param').id);
    const lines = writeAnswersCsv(database, row);
    const body = ReadableStream.from(lines).pipeThrough(new TextEncoderStream());
    return new Response(body, {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(row.name)}.csv`,
      },
    });
  });

  app.openapi(contract.listLabelPairs, async (context) => {
    const caller = context.get('caller');
    const row = await read(caller.workspace, context.req.valid('param').id);
    const { unlabelled, cursor, limit } = context.req.valid('query');
    const options = { caller: nameCaller(caller), unlabelled: unlabelled === 'true', cursor, limit };
    const { items, ...page } = await listLabelPairs(database, row, options);
    return context.json({ items: asArray(items), ...page }, 200);
  });

  app.openapi(contract.putLabel, async (context) => {
    const caller = context.get('caller');
    const { id, pair } = context.req.valid('param');
    const row = await read(caller.workspace, id);
    const { verdict } = context.req.valid('json');
    return context.json(await labelPair(database, row, { caller: nameCaller(caller), pair, verdict }), 200);
  });
}
