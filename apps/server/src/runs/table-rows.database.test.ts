import type { JsonValue } from '@kumiki/flow';
import { didRun } from '@kumiki/testkit';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { openTestWorkbench, type TestWorkbench } from '../testing/open-test-workbench.ts';
import { drawIndex } from '../testing/sample-flows.ts';

let test: TestWorkbench;

const drawRows = (settings: Record<string, JsonValue> = {}) =>
  drawIndex('load/postgres', {
    connection: { $secret: 'wiki' },
    query: 'outside.articles',
    textColumns: 'body',
    titleColumn: 'title',
    ...settings,
  });

/** The database of the test itself serves as one outside: a schema of its own, in which Kumiki keeps nothing. */
async function openOutside(environment: Record<string, string> = {}) {
  test = await openTestWorkbench(environment);
  const { connection } = test.workbench.store;
  if (connection.kind !== 'server') throw new Error('Only a server is a database outside');
  const { client, databaseUrl } = connection;
  await client.unsafe('create schema outside');
  await client.unsafe(`
    create table outside.articles (id int primary key, title text, body text not null, changed timestamptz default now())`);
  await client.unsafe(
    `insert into outside.articles values (1, '猫', '猫は夜に鳴きます。'), (2, '犬', '犬は朝に散歩します。'), (10, null, '鳥は昼に歌います。')`,
  );
  await test.call('POST', '/api/secrets', { name: 'wiki', value: databaseUrl });
  return client;
}

async function createFlow(settings: Record<string, JsonValue> = {}): Promise<string> {
  return (await test.call('POST', '/api/flows', { document: drawRows(settings) })).body.id;
}

async function build(flow: string) {
  const { events } = await test.buildFlow(flow);
  const endOf = (node: string) => events.find((event) => event.type === 'node-end' && event.node === node);
  return { events, endOf };
}

describe.runIf(inject('database') === 'postgres')('rows of a table outside', () => {
  afterEach(() => test.close());

  it.each([{}, { updatedColumn: 'changed' }])(
    'are read where they have changed, and no others, with %j',
    async (settings) => {
      const outside = await openOutside({ KUMIKI_EGRESS: '127.0.0.1' });
      const flow = await createFlow(settings);
      const first = await build(flow);
      expect(first.events.at(-1)).toMatchObject({ type: 'run-end', state: 'succeeded' });
      expect(first.endOf('load')).toMatchObject({ counts: { documents: { items: 3 } } });
      expect(first.endOf('index')).toMatchObject({ sample: { index: [{ documents: 3 }] } });

      const second = await build(flow);
      expect(['load', 'chunk', 'embed', 'index'].filter((node) => didRun(second.events, node))).toEqual([]);

      await outside.unsafe(
        `update outside.articles set body = '犬は夕方にも散歩します。', changed = now() where id = 2`,
      );
      await outside.unsafe('delete from outside.articles where id = 1');
      const third = await build(flow);
      expect(third.endOf('load')).toMatchObject({ counts: { documents: { items: 1 } } });
      expect(third.endOf('index')).toMatchObject({ sample: { index: [{ documents: 2 }] } });
      expect(JSON.stringify([first.events, third.events])).not.toContain('postgres://');
    },
  );

  it('keep what was read before where one of them cannot be read, and the table cannot be asked', async () => {
    const outside = await openOutside({ KUMIKI_EGRESS: '127.0.0.1' });
    const flow = await createFlow();
    await build(flow);
    await outside.unsafe(`update outside.articles set body = ' ' where id = 2`);
    const second = await build(flow);
    expect(second.endOf('load')).toMatchObject({
      documentErrors: [{ id: 'load/2', error: { code: 'document-without-text' } }],
    });
    expect(second.endOf('index')).toMatchObject({ sample: { index: [{ documents: 3 }] } });
    await outside.unsafe('drop table outside.articles');
    expect((await build(flow)).events.at(-1)).toMatchObject({
      state: 'failed',
      error: { code: 'table-query-refused', node: 'load' },
    });
  });

  it('inside the house are not read unless the operator lists the place, nor with a secret that is no address', async () => {
    await openOutside();
    const flow = await createFlow();
    expect((await build(flow)).events.at(-1)).toMatchObject({
      state: 'failed',
      error: { code: 'egress-refused', node: 'load', message: { ja: expect.stringContaining('KUMIKI_EGRESS') } },
    });
    await test.call('POST', '/api/secrets', { name: 'other', value: 'opensesame' });
    const { events } = await build(await createFlow({ connection: { $secret: 'other' } }));
    expect(events.at(-1)).toMatchObject({ state: 'failed', error: { code: 'table-address-invalid' } });
    expect(JSON.stringify(events)).not.toContain('opensesame');
  });
});
