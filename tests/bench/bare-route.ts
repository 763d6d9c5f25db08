/** What a call of an endpoint cannot do without: a Hono route that reads JSON, stores a run's row, and answers. */
import { serve } from '@hono/node-server';
import { createId, insertFinishedRuns, insertFlow, openStore } from '@kumiki/store';
import { Hono } from 'hono';
import { z } from 'zod';
import { readScriptOptions } from './child-script.ts';
import { passThrough, passThroughOutput } from './pass-through.ts';

const { dataFolder, databaseUrl } = readScriptOptions(
  z.object({ dataFolder: z.string(), databaseUrl: z.string().nullable() }),
);
const workspace = 'default';
const usage = { promptTokens: 0, completionTokens: 0 };
const bodySchema = z.object({ inputs: z.object({ text: z.string() }) });

const { database } = await openStore(databaseUrl === null ? { dataFolder } : { databaseUrl });
const { id: flow } = await insertFlow(database, { workspace, document: passThrough });

const app = new Hono();
app.post('/answer', async (context) => {
  const startedAt = new Date();
  const { inputs } = bodySchema.parse(await context.req.json());
  const id = createId();
  const arm = { flow, version: 1, build: 1, output: passThroughOutput };
  const output = inputs.text;
  await insertFinishedRuns(database, [
    {
      run: {
        ...{ id, workspace, kind: 'question', ...arm, request: { output: passThroughOutput }, inputs },
        ...{ arm: passThroughOutput, startedAt, endedAt: new Date() },
      },
      result: {
        state: 'succeeded',
        outputs: { [passThroughOutput]: { state: 'answered', value: output, citations: [] } },
        usage,
      },
    },
  ]);
  return context.json({ output, citations: [], usage, run: id, arm });
});

serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => {
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}/answer` }));
});
