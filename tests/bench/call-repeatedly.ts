/**
 * Calls an address over some connections, one request at a time on each, and tells how many answers came while the clock
 * ran, how many calls there were in all, and what of the processor it took itself.
 */
import { Pool } from 'undici';
import { z } from 'zod';
import { readScriptOptions } from './child-script.ts';

const options = readScriptOptions(
  z.object({
    url: z.string(),
    key: z.string().nullable(),
    body: z.string(),
    connections: z.int(),
    seconds: z.number(),
    /** Where a run can be read by its id, and only once it is stored. */
    runsUrl: z.string().nullable(),
  }),
);

const { origin, pathname } = new URL(options.url);
const pool = new Pool(origin, { connections: options.connections, pipelining: 1 });
const headers = {
  'content-type': 'application/json',
  ...(options.key === null ? {} : { authorization: `Bearer ${options.key}` }),
};
const answerSchema = z.object({ run: z.string() });

let calls = 0;

async function call(): Promise<string> {
  calls += 1;
  const answer = await pool.request({ path: pathname, method: 'POST', headers, body: options.body });
  const text = await answer.body.text();
  if (answer.statusCode !== 200) throw new Error(`${answer.statusCode}: ${text}`);
  return text;
}

async function callUntil(end: number): Promise<{ requests: number; lastAnswer: string }> {
  let requests = 0;
  let lastAnswer = '';
  while (performance.now() < end) {
    lastAnswer = await call();
    requests += 1;
  }
  return { requests, lastAnswer };
}

// Connections are open and code is warm before the clock runs.
await Promise.all(Array.from({ length: options.connections }, () => callUntil(performance.now() + 300)));
const began = performance.now();
const processorBefore = process.cpuUsage();
const lanes = await Promise.all(
  Array.from({ length: options.connections }, () => callUntil(began + options.seconds * 1000)),
);
// A request counts once its run is stored, so the clock runs on until the last one is.
if (options.runsUrl !== null) {
  for (const { lastAnswer } of lanes) {
    const { run } = answerSchema.parse(JSON.parse(lastAnswer));
    const read = await pool.request({ path: `${new URL(options.runsUrl).pathname}/${run}`, method: 'GET', headers });
    const text = await read.body.text();
    if (read.statusCode !== 200) throw new Error(`${read.statusCode}: ${text}`);
  }
}
const seconds = (performance.now() - began) / 1000;
const { user, system } = process.cpuUsage(processorBefore);
const requests = lanes.reduce((sum, lane) => sum + lane.requests, 0);
console.log(JSON.stringify({ requests, calls, seconds, processorSeconds: (user + system) / 1e6 }));
await pool.close();
