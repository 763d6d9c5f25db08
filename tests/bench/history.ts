import path from 'node:path';
import { type KumikiProcess, makeTemporaryFolder, startKumiki } from '@kumiki/testkit/kumiki-process';
import type { KumikiSession } from '@kumiki/testkit/kumiki-session';
import postgres from 'postgres';
import { openTestDatabase, type TestDatabase } from '../databases.ts';
import { type Bench, type BenchRow, median } from './bench.ts';
import { passThrough, passThroughBody, passThroughOutput } from './pass-through.ts';
import { publishFlow } from './publish-flow.ts';

const slug = 'bench';
const few = 1_000;
const many = 1_000_000;
const runsPerStatement = 100_000;
const warmRounds = 30;
const rounds = 300;
const highestRatio = 1.2;

type Way = { readonly figure: string; readonly ask: (of: Filled) => Promise<Response> };
type Filled = {
  readonly session: KumikiSession;
  readonly flow: string;
  readonly key: string;
  readonly kumiki: KumikiProcess;
  readonly database: TestDatabase;
};

const ways: readonly Way[] = [
  { figure: 'list of runs', ask: ({ session }) => session.request('/api/runs') },
  { figure: 'list of runs of a flow', ask: ({ session, flow }) => session.request(`/api/runs?flow=${flow}`) },
  { figure: 'list of failed runs', ask: ({ session }) => session.request('/api/runs?state=failed') },
  { figure: 'list of runs of an endpoint', ask: ({ session }) => session.request(`/api/runs?endpoint=${slug}`) },
  {
    figure: 'pass-through endpoint',
    ask: ({ kumiki, key }) =>
      fetch(`${kumiki.address}/v1/endpoints/${slug}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: passThroughBody,
      }),
  },
];

/** What a long history costs: the same requests to two servers that differ in how many runs they have stored. */
export const historyBench: Bench = {
  name: 'history',
  async run(log) {
    const { folder, remove } = await makeTemporaryFolder();
    const opened: Filled[] = [];
    const open = async (runs: number) => {
      const filled = await openFilled(path.join(folder, String(runs)), runs, log);
      opened.push(filled);
      return filled;
    };
    try {
      const short = await open(few);
      const long = await open(many);
      const rows: BenchRow[] = [];
      for (const way of ways) rows.push(await compare(way, short, long));
      return rows;
    } finally {
      for (const { kumiki, database } of opened) {
        await kumiki.stop();
        await database.remove();
      }
      await remove();
    }
  },
};

/** In turn, so that what else the machine does meets both alike. */
async function compare({ figure, ask }: Way, short: Filled, long: Filled): Promise<BenchRow> {
  const times: Record<'short' | 'long', number[]> = { short: [], long: [] };
  for (let round = 0; round < warmRounds + rounds; round += 1) {
    for (const way of round % 2 === 0 ? (['short', 'long'] as const) : (['long', 'short'] as const)) {
      const began = performance.now();
      const answer = await ask(way === 'short' ? short : long);
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${answer.status}: ${text}`);
      if (round >= warmRounds) times[way].push(performance.now() - began);
    }
  }
  const value = median(times.long);
  const yardstick = median(times.short);
  const ratio = value / yardstick;
  return {
    figure: `${figure}, p50, ${many} stored runs, postgres`,
    value,
    unit: 'ms',
    yardstick: { name: `with ${few} stored runs`, value: yardstick },
    ratio,
    target: `ratio <= ${highestRatio}`,
    met: ratio <= highestRatio,
  };
}

async function openFilled(dataFolder: string, runs: number, log: (line: string) => void): Promise<Filled> {
  const database = await openTestDatabase('postgres');
  const kumiki = await startKumiki({ dataFolder, environment: database.environment });
  const session = await kumiki.signIn();
  const { key } = await publishFlow(session, passThrough, { slug, output: passThroughOutput });
  const client = postgres(database.environment.DATABASE_URL ?? '', { max: 1, onnotice: () => {} });
  try {
    for (let first = 0; first < runs; first += runsPerStatement) {
      await fillRuns(client, { first, last: Math.min(runs, first + runsPerStatement) - 1, runs });
      log(`${Math.min(runs, first + runsPerStatement)} of ${runs} runs are stored`);
    }
    await client`vacuum (analyze) runs`;
    const [flow] = await client`select id from flows`;
    return { session, flow: String(flow?.id), key, kumiki, database };
  } finally {
    await client.end();
  }
}

/** Answers of the endpoint, a second apart up to now, as it stores them; one of ten failed, so that there is a page of them in both. */
async function fillRuns(
  client: postgres.Sql,
  { first, last, runs }: { readonly first: number; readonly last: number; readonly runs: number },
): Promise<void> {
  await client`
    insert into runs (id, workspace_id, kind, flow_id, version, build, request, inputs, outputs, state, attempt, usage,
      endpoint_id, arm, created_at, started_at, ended_at)
    select (substr(time, 1, 8) || '-' || substr(time, 9) || '-7000-8000-' || lpad(to_hex(place), 12, '0'))::uuid,
      endpoints.workspace_id, 'question', flows.id, 1, 1, '{"output": "answer"}',
      jsonb_build_object('text', '質問 ' || place),
      jsonb_build_object('answer', jsonb_build_object('state', 'answered', 'value', '回答 ' || place, 'citations', '[]'::jsonb)),
      case when place % 10 = 0 then 'failed' else 'succeeded' end, 1,
      '{"promptTokens": 0, "completionTokens": 0}', endpoints.id, 'answer', at, at, at
    from generate_series(${first}::int, ${last}::int) place
    cross join lateral (select now() - make_interval(secs => ${runs} - place) as at) moment
    cross join lateral (select lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') as time) digits
    cross join flows cross join endpoints`;
}
