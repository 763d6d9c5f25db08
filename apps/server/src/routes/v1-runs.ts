import { putFeedback, type RunRow, readRun, requestCancel } from '@kumiki/store';
import { type Caller, nameCaller } from '../access/caller.ts';
import * as contract from '../contract/v1-runs.ts';
import type { App } from '../http/environment.ts';
import { readOutputs } from '../runs/describe-run.ts';
import { cancelled } from '../runs/runner.ts';
import { streamRun } from '../runs/stream-run.ts';
import { makeAnswer } from '../serving/answer.ts';
import type { Workbench } from '../workbench.ts';

/** A key's own runs: those that it asked for by calling endpoints. */
export function addOwnRunRoutes(app: App, workbench: Workbench): void {
  const { running } = workbench;
  const { database } = workbench.store;

  app.openapi(contract.getOwnRun, async (context) => {
    const row = await readOwnRun(context.get('caller'), context.req.valid('param').id);
    return context.json(describeOwnRun(row), 200);
  });

  app.openapi(contract.streamOwnRunEvents, async (context) => {
    const caller = context.get('caller');
    const { id: run } = await readOwnRun(caller, context.req.valid('param').id);
    const lastEventId = context.req.valid('header')['last-event-id'];
    return (await streamRun(workbench, { workspace: caller.workspace, run, lastEventId })) ?? context.body(null, 204);
  });

  app.openapi(contract.cancelOwnRun, async (context) => {
    const caller = context.get('caller');
    const { id: run } = await readOwnRun(caller, context.req.valid('param').id);
    const row = await requestCancel(database, { workspace: caller.workspace, run });
    if (row.state === 'running') running.live.abort(run, cancelled);
    return context.json(describeOwnRun(row), 202);
  });

  app.openapi(contract.giveFeedback, async (context) => {
    const caller = context.get('caller');
    const { id: run } = await readOwnRun(caller, context.req.valid('param').id);
    const { score, comment = null } = context.req.valid('json');
    const at = { workspace: caller.workspace, run, caller: nameCaller(caller) };
    const kept = await putFeedback(database, at, { score, comment });
    return context.json({ score: kept.score, comment: kept.comment, updatedAt: kept.updatedAt.toISOString() }, 200);
  });

  /** Throws `run-unknown`, in the same words for the run of another key. */
  async function readOwnRun(caller: Caller, run: string): Promise<RunRow> {
    await running.recorder.settle();
    const apiKey = caller.kind === 'key' ? caller.id : undefined;
    return await readRun(database, { workspace: caller.workspace, run, apiKey });
  }
}

function describeOwnRun(row: RunRow) {
  const { output } = row.request;
  const isAnswered = row.state === 'succeeded' && row.build !== null && output !== undefined;
  const answer = isAnswered
    ? makeAnswer({
        outputs: readOutputs(row),
        usage: row.usage ?? { promptTokens: 0, completionTokens: 0 },
        run: row.id,
        arm: { flow: row.flowId, version: row.version, build: row.build ?? 0, output },
      })
    : null;
  return { id: row.id, state: row.state, answer, error: row.error };
}
