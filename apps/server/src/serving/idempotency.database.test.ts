import { createId } from '@kumiki/store';
import { selectRows } from '@kumiki/store/testing';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestWorkbench, type TestWorkbench } from '../testing/open-test-workbench.ts';
import { drawPassThrough } from '../testing/sample-flows.ts';
import { defaultWorkspace } from '../workbench.ts';
import { answerOnce, type RecordResponse } from './idempotency.ts';

let test: TestWorkbench;
let flow: string;

beforeAll(async () => {
  test = await openTestWorkbench();
  flow = (await test.call('POST', '/api/flows', { document: drawPassThrough() })).body.id;
  const { run } = (await test.call('POST', `/api/flows/${flow}/builds`, {})).body;
  await test.followRun(run);
  const routes = [{ flow, version: 1, build: 1, output: 'answer' }];
  await test.call('POST', '/api/endpoints', { slug: 'once', routes });
});
afterAll(() => test.close());

async function countQuestions(): Promise<number> {
  return (await test.call('GET', '/api/runs?kind=question&limit=200')).body.items.length;
}

describe('an idempotency key', () => {
  const body = { inputs: { question: '犬' } };

  it.each([
    ['an answer', {}],
    ['a run in the queue', { prefer: 'respond-async' }],
  ])('that comes fifty times at once gets %s, the same each time', async (what, headers) => {
    const before = await countQuestions();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        test.call('POST', '/v1/endpoints/once', body, { ...headers, 'idempotency-key': what }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status)).size).toBe(1);
    expect(answers[0]?.status).toBeLessThan(300);
    for (const answer of answers) expect(answer.body).toEqual(answers[0]?.body);
    expect(await countQuestions()).toBe(before + 1);
  });

  it.each(['', 'k'.repeat(201)])('is refused where it is empty or too long: "%s"', async (key) => {
    const refused = await test.call('POST', '/v1/endpoints/once', body, { 'idempotency-key': key });
    expect(refused).toMatchObject({ status: 422, body: { code: 'invalid-request', path: 'idempotency-key' } });
  });

  it('starts one run of a flow, and is refused with other inputs', async () => {
    const path = `/api/flows/${flow}/runs`;
    const headers = { 'idempotency-key': 'start' };
    const before = await countQuestions();
    const [first, second] = await Promise.all([
      test.call('POST', path, body, headers),
      test.call('POST', path, body, headers),
    ]);
    expect([first?.status, second?.status]).toEqual([202, 202]);
    expect(second?.body).toEqual(first?.body);
    expect((await test.call('POST', path, body, headers)).body).toEqual(first?.body);
    expect(await countQuestions()).toBe(before + 1);
    const other = await test.call('POST', path, { inputs: { question: '猫' } }, headers);
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
  });

  it('is not answered by what another way of asking got', async () => {
    const headers = { 'idempotency-key': 'two ways' };
    await test.call('POST', '/v1/endpoints/once', body, { ...headers, prefer: 'respond-async' });
    const other = await test.call('POST', '/v1/endpoints/once', body, headers);
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
  });

  it('of an answer that was written down with what came of it is not written a second time', async () => {
    const { database } = test.workbench.store;
    const caller = { kind: 'session', workspace: defaultWorkspace } as const;
    const request = { caller, route: '/v1/endpoints/once', key: 'together', body };
    const readWriter = async () => {
      const rows = await selectRows<{ writer: string }>(
        database,
        sql`select xmin::text as writer from idempotency_keys where key = 'together'`,
      );
      return rows[0]?.writer;
    };
    const made = { run: createId() };
    let writer: string | undefined;
    const answer = async (record: RecordResponse) => {
      await database.transaction((transaction) => record(transaction, made));
      writer = await readWriter();
      return made;
    };
    expect(await answerOnce(database, request, answer, new AbortController().signal)).toEqual(made);
    expect(writer).toBeDefined();
    expect(await readWriter()).toBe(writer);
  });

  it('that was silent for too long goes to the next, whose answer is everybody’s', async () => {
    const { database } = test.workbench.store;
    const caller = { kind: 'session', workspace: defaultWorkspace } as const;
    const request = { caller, route: '/v1/endpoints/once', key: 'silent', body };
    const [one, other] = [{ run: createId() }, { run: createId() }];
    const thawed = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const never = new AbortController().signal;
    const frozen = answerOnce(
      database,
      request,
      async () => {
        begun.resolve();
        await thawed.promise;
        return one;
      },
      never,
    );
    await begun.promise;
    await database.execute(
      sql`update idempotency_keys set created_at = created_at - interval '40 seconds' where key = 'silent'`,
    );
    expect(await answerOnce(database, request, async () => other, never)).toEqual(other);
    thawed.resolve();
    expect(await frozen).toEqual(other);
  });
});
