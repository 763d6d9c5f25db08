import type { JsonValue } from '@kumiki/flow';
import { KumikiError } from '@kumiki/node-sdk';
import { listEndpoints, listRuns, readEndpoint, readRun, requestCancel } from '@kumiki/store';
import * as contract from '../contract/runs.ts';
import type { App } from '../http/environment.ts';
import { type ServerSentEvent, streamEvents } from '../http/event-stream.ts';
import { describeRun } from '../runs/describe-run.ts';
import { type FollowOptions, followEvents, isOver } from '../runs/follow-events.ts';
import { cancelled } from '../runs/runner.ts';
import { startQuestion } from '../runs/start-run.ts';
import type { Workbench } from '../workbench.ts';

export function addRunRoutes(app: App, { store: { database }, running, log }: Workbench): void {
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
    return context.json(describeRun(row, slugs?.get(row.endpointId ?? '') ?? null), 200);
  });

  app.openapi(contract.streamRunEvents, async (context) => {
    const { workspace } = context.get('caller');
    const { id } = context.req.valid('param');
    const after = readLastId(context.req.valid('header')['last-event-id']);
    await running.recorder.settle();
    await readRun(database, { workspace, run: id });
    const options = { database, live: running.live, workspace, run: id, after };
    if (await isOver(options)) return context.body(null, 204);
    return streamEvents((signal) => tellEvents(options, signal), {
      onFailure: (error) => log.error({ error, run: id }, 'event stream failed'),
      signal: running.closing,
    });
  });

  app.openapi(contract.cancelRun, async (context) => {
    const { workspace } = context.get('caller');
    const row = await requestCancel(database, { workspace, run: context.req.valid('param').id });
    if (row.state === 'running') running.live.abort(row.id, cancelled);
    return context.json(describeRun(row, null), 202);
  });

  async function findSlugs(workspace: string): Promise<ReadonlyMap<string, string>> {
    const rows = await listEndpoints(database, { workspace });
    return new Map(rows.map(({ id, slug }) => [id, slug]));
  }
}

async function* tellEvents(options: FollowOptions, signal: AbortSignal): AsyncGenerator<ServerSentEvent> {
  for await (const { sequence, event } of followEvents(options, signal)) {
    yield { id: sequence, event: event.type, data: event };
  }
}

function readLastId(id: string | undefined): number {
  if (id === undefined || id === '') return 0;
  if (/^\d{1,15}$/.test(id)) return Number(id);
  throw new KumikiError({
    code: 'invalid-request',
    status: 422,
    path: 'last-event-id',
    message: {
      en: 'Last-Event-ID has to be the id of an event of this run.',
      ja: 'Last-Event-ID には、この実行のイベントの ID を指定してください。',
    },
  });
}
