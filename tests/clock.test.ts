import { type KumikiProcess, startKumiki } from '@kumiki/testkit/kumiki-process';
import { createFlow, followRun, unwrap, uploadCollection } from '@kumiki/testkit/kumiki-session';
import { afterEach, describe, expect, it } from 'vitest';
import { type Clock, hour, makeClock } from './clock.ts';
import { databaseKinds } from './databases.ts';
import { callHelp, publishHelp, quote } from './questions.ts';
import { makeRagFlow } from './rag-flow.ts';
import { openStage, type Stage } from './stage.ts';

const documents = 12;
const batch = 4;

/** A flow whose documents nobody has embedded yet. */
async function drawSheds({ session }: Stage, collection: string): Promise<string> {
  const texts = Array.from({ length: documents }, (_, place) => `${collection}${place}は山田${place}の担当です。\n`);
  await uploadCollection(session, collection, Object.fromEntries(texts.map((text, place) => [`${place}.txt`, text])));
  const settings = { embed: { batchSize: batch } };
  return (await createFlow(session, makeRagFlow({ collection, host: 'ollama', settings }))).id;
}

async function startBuild({ session }: Stage, id: string): Promise<string> {
  return (await unwrap(session.client.POST('/api/flows/{id}/builds', { params: { path: { id } }, body: {} }))).run;
}

describe('a clock', { timeout: 120_000 }, () => {
  const closing: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  async function openClock(milliseconds = 0): Promise<Clock> {
    const clock = await makeClock(milliseconds);
    closing.push(() => clock.remove());
    return clock;
  }

  async function open(kind: (typeof databaseKinds)[number], clock: Clock): Promise<Stage> {
    const stage = await openStage(kind, { environment: clock.environment });
    closing.push(() => stage.close());
    return stage;
  }

  it.each(databaseKinds)('that is moved forward and back in mid-run harms no run, on the %s database', async (kind) => {
    const clock = await openClock();
    const stage = await open(kind, clock);
    const { models } = stage;
    await publishHelp(stage.session);
    const headers = { 'idempotency-key': 'over the hour' };
    const first = await (await callHelp(stage.session, { headers })).json();
    const asked = models.questions.length;

    for (const [way, by] of [
      ['forward', hour],
      ['back', -hour],
    ] as const) {
      const flows = [await drawSheds(stage, `held ${way}`), await drawSheds(stage, `waiting ${way}`)];
      const begun = models.embeddedPassages.length;
      const pause = models.pauseEmbeddings(2 * batch + 1);
      // There is a place for one build: the second waits in the queue.
      const runs = [await startBuild(stage, flows[0] ?? ''), await startBuild(stage, flows[1] ?? '')];
      await pause.reached;
      await clock.shift(by, stage.kumiki.pid);
      pause.release();
      for (const run of runs) {
        expect((await followRun(stage.session, run)).end, way).toMatchObject({ state: 'succeeded', build: 1 });
      }
      const embedded = models.embeddedPassages.slice(begun);
      expect(embedded).toHaveLength(new Set(embedded).size);
      expect(await (await callHelp(stage.session, { headers })).json()).toEqual(first);
      expect(models.questions).toHaveLength(asked);
    }
    expect(await (await callHelp(stage.session)).json()).toMatchObject({ output: quote });

    await stage.kumiki.kill();
    await stage.startAgain();
    const again = await startBuild(stage, await drawSheds(stage, 'afterwards'));
    expect((await followRun(stage.session, again)).end).toMatchObject({ state: 'succeeded', build: 1 });
  });

  it('that is moved over the time of a schedule fires it once, and not again when it is put right', async () => {
    const clock = await openClock();
    const stage = await open('embedded', clock);
    const { client } = stage.session;
    const flow = await drawSheds(stage, 'scheduled');
    const minute = new Date(Date.now() + hour / 2).getUTCMinutes();
    const body = { flow, cron: `${minute} * * * *`, timeZone: 'UTC' };
    await unwrap(client.POST('/api/schedules', { body }));
    const listBuilds = async () => {
      const query = { kind: 'build' } as const;
      return (await unwrap(client.GET('/api/runs', { params: { query } }))).items;
    };
    await clock.shift(hour, stage.kumiki.pid);
    await expect.poll(async () => (await listBuilds()).length).toBe(1);
    await clock.shift(0, stage.kumiki.pid);
    // Whoever looks for schedules has looked again by the time that another one has fired.
    const soon = new Date(Date.now() + 2 * 60_000).getUTCMinutes();
    await unwrap(client.POST('/api/schedules', { body: { ...body, cron: `${soon} * * * *` } }));
    await clock.shift(3 * 60_000, stage.kumiki.pid);
    await expect.poll(async () => (await listBuilds()).length).toBe(2);
    expect(await listBuilds()).toHaveLength(2);
  });

  it('of one server an hour ahead and of another an hour behind, on one Postgres, are of no account', async () => {
    const ahead = await openClock(hour);
    const behind = await openClock(-hour);
    const stage = await open('postgres', ahead);
    const { models, session } = stage;
    const flow = await publishHelp(session);
    const environment = { ...stage.database.environment, OLLAMA_HOST: models.address, ...behind.environment };
    const other: KumikiProcess = await startKumiki({ dataFolder: stage.dataFolder, environment });
    closing.push(() => other.stop());
    const late = await other.signIn();

    const minute = new Date(Date.now() + hour / 2).getUTCMinutes();
    for (const { client } of [session, late]) {
      const body = { flow, cron: `${minute} * * * *`, timeZone: 'UTC' };
      const { nextAt } = await unwrap(client.POST('/api/schedules', { body }));
      const wait = Date.parse(nextAt ?? '') - Date.now();
      expect(Math.round(wait / 60_000)).toBeGreaterThanOrEqual(29);
      expect(Math.round(wait / 60_000)).toBeLessThanOrEqual(31);
    }

    const asked = models.questions.length;
    const headers = { 'idempotency-key': 'two clocks' };
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, place) => callHelp(place % 2 === 0 ? session : late, { headers })),
    );
    const bodies = await Promise.all(answers.map((answer) => answer.json()));
    for (const body of bodies) expect(body).toEqual(bodies[0]);
    expect(models.questions).toHaveLength(asked + 1);

    const sheds = await drawSheds(stage, 'taken over');
    const begun = models.embeddedPassages.length;
    const pause = models.pauseEmbeddings(2 * batch + 1);
    const run = await startBuild(stage, sheds);
    await pause.reached;
    // Whichever of them has it, the other one takes it over and nobody else writes to it.
    await stage.kumiki.kill();
    pause.release();
    expect((await followRun(late, run)).end).toMatchObject({ state: 'succeeded', build: 1 });
    expect(new Set(models.embeddedPassages.slice(begun)).size).toBe(documents);
  });
});
