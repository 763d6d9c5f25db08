import { randomBytes } from 'node:crypto';
import {
  buildFlow,
  createFlow,
  followRun,
  type KumikiSession,
  unwrap,
  uploadCollection,
} from '@kumiki/testkit/kumiki-session';
import { describe, expect, it } from 'vitest';
import { databaseKinds } from './databases.ts';
import { expectProblem } from './problems.ts';
import { callHelp, publishHelp, quote } from './questions.ts';
import { makeRagFlow } from './rag-flow.ts';
import { mountSmallDisk } from './small-disk.ts';
import { openStage, type Stage } from './stage.ts';

/** A fresh embedded database takes some 110 of them, and the program keeps 64 back. */
const megabytes = 320;
const file = randomBytes(4 * 1024 * 1024);
describe.each(databaseKinds)('a full disk, with the %s database', { timeout: 180_000 }, (kind) => {
  it('is told by 507, harms nothing that was there, and is forgotten once there is room again', async () => {
    const disk = await mountSmallDisk(megabytes);
    const stage = await openStage(kind, { dataFolder: disk.folder });
    try {
      const { session } = stage;
      const flow = await publishHelp(session);
      const collection = await uploadCollection(session, 'kept', { 'kept.bin': file });
      const put = (name: string) => putFile(session, collection, name, randomBytes(file.length));

      const sheds = await beginBuild(stage);
      await disk.fill();
      sheds.pause.release();
      // Connections that were idle for long may be gone by now.
      await expect
        .poll(() =>
          session
            .request('/health/live')
            .then(({ ok }) => ok)
            .catch(() => false),
        )
        .toBe(true);
      await expectProblem(put('too-much.bin'), { status: 507, code: 'disk-full' });
      // The embedded database lies on the same disk, and nothing may be written there any more.
      if (kind === 'embedded') {
        await expectProblem(callHelp(session), { status: 507, code: 'disk-full' });
        await expectProblem(startBuild(session, flow), { status: 507, code: 'disk-full' });
      }
      expect((await session.request('/health/live')).status).toBe(200);

      await disk.free();
      await expect.poll(async () => (await put('after.bin')).status).toBe(200);
      await expectIntact(session, collection);
      // Whether it met the full disk or came to its end before, nothing is in the way of the next.
      const { end } = await followRun(session, sheds.run);
      if (end.state !== 'succeeded') expect(end).toMatchObject({ state: 'failed', error: { code: 'disk-full' } });
      expect((await buildFlow(session, sheds.flow)).end.state).toBe('succeeded');

      await stage.kumiki.kill();
      await stage.startAgain();
      await expectIntact(stage.session, collection);
    } finally {
      await stage.close();
      await disk.remove();
    }
  });
});

/** A build in the middle of its embeddings. */
async function beginBuild({ session, models }: Stage) {
  const texts = Array.from({ length: 40 }, (_, place) => `倉庫${place}は山田${place}の担当です。\n`);
  await uploadCollection(session, 'sheds', Object.fromEntries(texts.map((text, place) => [`${place}.txt`, text])));
  const settings = { embed: { batchSize: 4 } };
  const { id: flow } = await createFlow(session, makeRagFlow({ collection: 'sheds', host: 'ollama', settings }));
  const pause = models.pauseEmbeddings(5);
  const { run } = await unwrap(
    session.client.POST('/api/flows/{id}/builds', { params: { path: { id: flow } }, body: {} }),
  );
  await pause.reached;
  return { flow, run, pause };
}

function startBuild(session: KumikiSession, flow: string): Promise<Response> {
  return session.request(`/api/flows/${flow}/builds`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
}

function putFile(session: KumikiSession, collection: string, name: string, content: Uint8Array<ArrayBuffer>) {
  return session.request(`/api/collections/${collection}/files/${name}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/octet-stream' },
    body: content,
  });
}

async function expectIntact(session: KumikiSession, collection: string): Promise<void> {
  const kept = await session.request(`/api/collections/${collection}/files/kept.bin`);
  expect(Buffer.from(await kept.arrayBuffer()).equals(file)).toBe(true);
  expect(await (await callHelp(session)).json()).toMatchObject({ output: quote });
  const { items } = await unwrap(
    session.client.GET('/api/collections/{id}/files', { params: { path: { id: collection }, query: {} } }),
  );
  expect(items.map(({ name }) => name)).not.toContain('too-much.bin');
}
