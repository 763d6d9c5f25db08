import type { JsonValue } from '@kumiki/flow';
import { KumikiError } from '@kumiki/node-sdk';
import {
  listEndpoints,
  listFeedback,
  listRuns,
  readEndpoint,
  readRun,
  requestCancel,
  requestNodeStop,
} from '@kumiki/store';
import * as contract from '../contract/runs.ts';
import type { App } from '../http/environment.ts';
import { describeFeedback, describeRun } from '../runs/describe-run.ts';
import { cancelled } from '../runs/runner.ts';
import { startQuestion } from '../runs/start-run.ts';
import { streamRun } from '../runs/stream-run.ts';
import type { Workbench } from '../workbench.ts';

export function addRunRoutes(app: App, workbench: Workbench): void {
  const { running } = workbench;
  const { database } = workbench.store;

  app.openapi(contract.startRun, async (context) => {
    const caller = context.get('caller');
    const { workspace } = caller;
    const { id } = context.req.valid('param');
    const { inputs, ...rest } = context.req.valid('json');
    // JSON by its way here; the schema leaves the values to the input nodes.
    const values = inputs as Record<string, JsonValue>;
    const key = context.req.valid('header')['idempotency-key'];
    const body = { inputs: values, ...rest } as JsonValue;
    const once = key === undefined ? null : { caller, route: `/api/flows/${id}/runs`, key, body };
    const run = await startQuestion(running, { workspace, flow: id, inputs: values, ...rest, once });
    return context.json({ id: run }, 202);
  });

  app.openapi(contract.listRuns, async (context) => {
    const { workspace } = context.get('caller');
    const { state, endpoint: slug, ...query } = context.req.valid('query');
    await running.recorder.settle();
    const endpoint = slug === undefined ? undefined : (await readEndpoint(database, { workspace, slug })).id;
    const states = state === undefined ? undefined : [state];
    const page = await listRuns(database, { workspace, ...query, states, endpoint });
    const slugs = await findSlugs(workspace);
    const items = page.items.map((row) => describeRun(row, slugs.get(row.endpointId ?? '') ?? null));
    return context.json({ items, next: page.next }, 200);
  });

  app.openapi(contract.getRun, async (context) => {
    const { workspace } = context.get('caller');
    await running.recorder.settle();
    const row = await readRun(database, { workspace, run: context.req.valid('param').id });
    const slugs = row.endpointId === null ? null : await findSlugs(workspace);
    const feedback = await listFeedback(database, { workspace, run: row.id });
    const run = describeRun(row, slugs?.get(row.endpointId ?? '') ?? null);
    return context.json({ ...run, feedback: feedback.map(describeFeedback) }, 200);
  });

  app.openapi(contract.streamRunEvents, async (context) => {
    const { workspace } = context.get('caller');
    const { id: run } = context.req.valid('param');
    const lastEventId = context.req.valid('header')['last-event-id'];
    return (await streamRun(workbench, { workspace, run, lastEventId })) ?? context.body(null, 204);
  });

  app.openapi(contract.cancelRun, async (context) => {
    const { workspace } = context.get('caller');
    const row = await requestCancel(database, { workspace, run: context.req.valid('param').id });
    if (row.state === 'running') running.live.abort(row.id, cancelled);
    return context.json(describeRun(row, null), 202);
  });

  app.openapi(contract.stopNode, async (context) => {
    const { workspace } = context.get('caller');
    const { id, node } = context.req.valid('param');
    const { flowId: flow, version } = await readRun(database, { workspace, run: id });
    const plan = await running.plans.find({ workspace, flow, version });
    const planned = plan.nodes.find((candidate) => candidate.id === node);
    if (planned === undefined || !planned.type.resources.includes('gpu')) throw refuseStop(node);
    const row = await requestNodeStop(database, { workspace, run: id, node });
    if (row === null) throw refuseEnded();
    workbench.trainings.stops.tell(id, node);
    return context.json(describeRun(row, null), 202);
  });

  async function findSlugs(workspace: string): Promise<ReadonlyMap<string, string>> {
    const rows = await listEndpoints(database, { workspace });
    return new Map(rows.map(({ id, slug }) => [id, slug]));
  }
}

function refuseStop(node: string): KumikiError {
  return new KumikiError({
    code: 'node-not-stoppable',
    status: 422,
    path: '/node',
    message: {
      en: `The run has no node “${node}” that trains. Only training can be ended early; cancel the run to stop the rest.`,
      ja: `この実行に、学習を行う部品「${node}」はありません。途中で終えられるのは学習だけです。ほかの処理を止めるには、実行を中止してください。`,
    },
  });
}

function refuseEnded(): KumikiError {
  return new KumikiError({
    code: 'run-ended',
    status: 409,
    message: {
      en: 'The run has ended already, so nothing is left to end early.',
      ja: 'この実行はすでに終了しているため、途中で終えるものはありません。',
    },
  });
}
