import { connect as connectSocket, createServer, type Socket } from 'node:net';
import type { TableEntry, TableQuery, TableRow } from '@kumiki/node-sdk';
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { createTableAccess } from './create-table-access.ts';

const patience = { timeout: 30_000, interval: 20 };

/** Only a server is a database outside. */
describe.runIf(inject('database') === 'postgres')('a table outside', () => {
  const name = `kumiki_outside_${crypto.randomUUID().replaceAll('-', '')}`;
  let admin: Sql;
  let outside: Sql;
  let address: URL;

  beforeAll(async () => {
    address = new URL(inject('postgresUrl'));
    admin = postgres(address.href, { max: 1, onnotice: () => {} });
    await admin.unsafe(`create database ${name}`);
    address.pathname = `/${name}`;
    outside = postgres(address.href, { max: 4, onnotice: () => {} });
    await outside`
      create table articles (id bigint primary key, "Title" text, body text, note text, changed timestamptz not null)`;
    await outside`
      insert into articles select number, 'Article ' || number, 'Body ' || number, null, '2026-11-01 09:00:00.123456+09'
        from generate_series(1, 2500) as number`;
  });
  afterAll(async () => {
    await outside?.end();
    await admin?.unsafe(`drop database if exists ${name} with (force)`);
    await admin?.end();
  });

  const sockets: Socket[] = [];
  function open(parts: { secret?: string; signal?: AbortSignal; connect?: () => Promise<Socket> } = {}) {
    const { secret = address.href, signal = new AbortController().signal } = parts;
    const connect = ({ host, port }: { host: string; port: number }) =>
      new Promise<Socket>((resolve, reject) => {
        const socket = connectSocket(port, host, () => resolve(socket)).once('error', reject);
        sockets.push(socket);
      });
    return createTableAccess({ connect: parts.connect ?? connect, readSecret: async () => secret, signal });
  }

  const describeQuery = (parts: Partial<TableQuery> = {}): TableQuery => ({
    connection: { $secret: 'outside' },
    query: 'articles',
    idColumn: 'id',
    textColumns: ['body'],
    titleColumn: 'Title',
    updatedColumn: null,
    timeoutMilliseconds: 20_000,
    ...parts,
  });
  const list = async (parts: Partial<TableQuery> = {}, access = open()): Promise<readonly TableEntry[]> =>
    (await Array.fromAsync(access.list(describeQuery(parts)))).flat();
  const read = async (
    ids: readonly string[] | 'all',
    parts: Partial<TableQuery> = {},
    access = open(),
  ): Promise<readonly TableRow[]> => (await Array.fromAsync(access.read(describeQuery(parts), ids))).flat();

  it('is listed by pages of its key, in the order of the key and not of its letters, without its text', async () => {
    const pages = await Array.fromAsync(open().list(describeQuery()));
    expect(pages.map((page) => page.length)).toEqual([1_000, 1_000, 500]);
    const entries = pages.flat();
    expect(entries.map(({ id }) => Number(id))).toEqual(Array.from({ length: 2_500 }, (_, place) => place + 1));
    expect(entries[1]).toEqual({
      id: '2',
      title: 'Article 2',
      identity: expect.stringMatching(/^[0-9a-f]{64}$/),
      contentHash: entries[1]?.identity,
    });
  });

  it('is read in pages, whole or by ids, and tells what it listed', async () => {
    const all = await Array.fromAsync(open().read(describeQuery(), 'all'));
    expect(all.every((page) => page.length <= 100)).toBe(true);
    expect(all.flat()).toHaveLength(2_500);
    const [listed] = await list();
    const [row] = await read(['1']);
    expect(row).toEqual({ ...listed, texts: ['Body 1'] });
    expect((await read(['2500', '7', '99999', '7'])).map(({ id }) => id).toSorted()).toEqual(['2500', '7']);
    expect(await read([])).toEqual([]);
  });

  it('knows a row by what it holds: title and text count, other columns do not', async () => {
    const [before] = await list();
    await outside`update articles set note = 'seen' where id = 1`;
    expect((await list())[0]).toEqual(before);
    await outside`update articles set "Title" = 'New title' where id = 1`;
    const [renamed] = await list();
    expect(renamed?.identity).not.toBe(before?.identity);
    await outside`update articles set "Title" = 'Article 1', body = 'Body 1 ' where id = 1`;
    expect((await list())[0]?.contentHash).not.toBe(before?.contentHash);
    await outside`update articles set body = 'Body 1', note = null where id = 1`;
  });

  it('knows a row by its time of change where there is one, to the microsecond, and this database by its name', async () => {
    const parts = { updatedColumn: 'changed' };
    const [entry] = await list(parts);
    expect(entry).toMatchObject({
      contentHash: null,
      identity: expect.stringContaining('2026-11-01 00:00:00.123456+00'),
    });
    const [row] = await read(['1'], parts);
    expect(row).toMatchObject({ identity: entry?.identity, contentHash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const elsewhere = new URL(address);
    elsewhere.hostname = 'localhost';
    const [copy] = await list(parts, open({ secret: elsewhere.href }));
    expect(copy?.identity).not.toBe(entry?.identity);
  });

  it('may be any query, ended by a comment or a semicolon, with ids of any type that has an order', async () => {
    const query = `with recent as (select * from articles where id <= 3)
      select 'a-' || id as "the key", body, note, 'x "quoted"' as "od""d" from recent -- newest first`;
    const parts = { query, idColumn: 'the key', textColumns: ['body', 'note', 'od"d'], titleColumn: null };
    expect(await read('all', parts)).toMatchObject([
      { id: 'a-1', title: null, texts: ['Body 1', 'x "quoted"'] },
      { id: 'a-2' },
      { id: 'a-3' },
    ]);
    const uuids = { query: 'select gen_random_uuid() as id, body from articles where id <= 3;\n', titleColumn: null };
    expect(await list(uuids)).toHaveLength(3);
    const days = "select date '2026-01-01' + id::int as id, body from articles";
    const byDay = await list({ query: days, titleColumn: null });
    expect(byDay).toHaveLength(2_500);
    expect(await read([byDay[0]?.id ?? ''], { query: days, titleColumn: null })).toMatchObject([{ id: '2026-01-02' }]);
  });

  it('is never written to, whatever the query says', async () => {
    await outside`create table counted (id int primary key, body text)`;
    await outside`insert into counted values (1, 'one')`;
    await outside`
      create function count_up() returns int language sql volatile as
        $$ insert into counted select max(id) + 1, 'more' from counted returning id $$`;
    const titleColumn = null;
    for (const query of [
      'select count_up() as id, body from counted',
      "select 1 as id, set_config('transaction_read_only', 'off', false) as body, count_up()",
      "select 1 as id, 'x' as body) as source; commit; delete from counted; select * from (select 1",
      "select 1 as id, 'x' as body) as source limit 0; commit; delete from counted; --",
      'with gone as (delete from counted returning *) select * from gone',
    ]) {
      await expect(list({ query, titleColumn })).rejects.toMatchObject({
        code: 'table-query-refused',
        retryable: false,
      });
    }
    expect(await outside`select * from counted`).toEqual([{ id: 1, body: 'one' }]);
  });

  it.each([
    [{ query: 'select * form articles' }, 'table-query-refused', 'syntax error'],
    [{ query: 'nowhere' }, 'table-query-refused', 'nowhere'],
    [{ textColumns: ['body', 'Body'], titleColumn: 'title' }, 'table-column-missing', '“Body”, “title”'],
    [{ idColumn: 'ID' }, 'table-column-missing', '“id”'],
    [{ query: 'select null::int as id, body from articles', titleColumn: null }, 'table-id-missing', '“id”'],
    [{ query: 'select 7 as id, body from articles', titleColumn: null }, 'table-id-repeated', '“7”'],
    [{ query: 'select id / 600 as id, body from articles', titleColumn: null }, 'table-id-repeated', '“0”'],
    [{ query: 'select id::text::json as id, body from articles', titleColumn: null }, 'table-query-refused', 'json'],
  ])('says what is wrong with %j', async (parts, code, detail) => {
    await expect(list(parts)).rejects.toMatchObject({
      code,
      status: 422,
      text: { en: expect.stringContaining(detail) },
    });
  });

  it('does not show what rows hold where a query fails on it', async () => {
    await outside`create table private (id int, body text)`;
    await outside`insert into private values (1, 'confidential')`;
    const query = 'select id, body::int::text as body from private';
    await expect(list({ query, titleColumn: null })).rejects.toMatchObject({
      code: 'table-query-refused',
      text: { en: expect.not.stringContaining('confidential'), ja: expect.not.stringContaining('confidential') },
    });
  });

  it('has too much text in one row for a document, and says so of that row', async () => {
    const query = `select id, case when id = 2 then repeat('あ', 1500000) else body end as body from articles where id <= 3`;
    const rows = await read('all', { query, titleColumn: null });
    expect(rows.map(({ texts }) => texts)).toEqual([['Body 1'], null, ['Body 3']]);
  });

  it('ends a statement that takes too long, and one that nobody waits for any more', async () => {
    const query = 'select 1 as id, pg_sleep(30)::text as body';
    const slow = { query, titleColumn: null };
    await expect(read('all', { ...slow, timeoutMilliseconds: 300 })).rejects.toMatchObject({
      code: 'table-timeout',
      retryable: false,
    });
    const controller = new AbortController();
    const waiting = read('all', slow, open({ signal: controller.signal }));
    const countSleepers = async () =>
      (
        await admin`select 1 from pg_stat_activity where application_name = 'kumiki' and query like '%pg_sleep%'
        and state = 'active' and datname = ${name}`
      ).length;
    await vi.waitFor(async () => expect(await countSleepers()).toBe(1), patience);
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await vi.waitFor(async () => expect(await countSleepers()).toBe(0), patience);
  });

  it('goes on by another connection where the server has closed one that idled', async () => {
    const before = sockets.length;
    let rows = 0;
    for await (const page of open().read(describeQuery(), 'all')) {
      rows += page.length;
      if (rows > 200) continue;
      await admin`select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'kumiki' and datname = ${name} and state = 'idle'`;
      await vi.waitFor(() => expect(sockets.at(-1)?.closed).toBe(true), patience);
    }
    expect(rows).toBe(2_500);
    expect(sockets.length - before).toBe(3);
  });

  it('leaves no connection behind, also where its reader leaves early', async () => {
    for await (const page of open().read(describeQuery(), 'all')) {
      expect(page).toHaveLength(100);
      break;
    }
    await vi.waitFor(() => expect(sockets.every(({ closed }) => closed)).toBe(true), patience);
  });

  it('says why there is no connection', async () => {
    const at = (change: (url: URL) => void) => {
      const url = new URL(address);
      change(url);
      return open({ secret: url.href });
    };
    await expect(list({}, open({ secret: 'not an address' }))).rejects.toMatchObject({ code: 'table-address-invalid' });
    await expect(
      list(
        {},
        at((url) => {
          url.port = '1';
        }),
      ),
    ).rejects.toMatchObject({
      code: 'table-unreachable',
      retryable: true,
      text: { en: expect.stringContaining('ECONNREFUSED') },
    });
    await expect(
      list(
        {},
        at((url) => {
          url.pathname = '/never_made';
        }),
      ),
    ).rejects.toMatchObject({
      code: 'table-login-refused',
    });
    await expect(
      list(
        {},
        at((url) => {
          url.username = 'nobody_there';
        }),
      ),
    ).rejects.toMatchObject({
      code: 'table-login-refused',
    });
    await expect(
      list(
        {},
        at((url) => url.searchParams.set('sslmode', 'require')),
      ),
    ).rejects.toMatchObject({
      code: 'table-unreachable',
    });
  });

  it('is not waited for for ever where something else, or nothing at all, answers', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    const rude = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1');
    try {
      for (const server of [silent, rude]) {
        await vi.waitFor(() => expect(server.listening).toBe(true));
        const place = server.address();
        const port = typeof place === 'object' && place !== null ? place.port : 0;
        const secret = `postgres://reader@127.0.0.1:${port}/wiki?sslmode=disable`;
        await expect(list({ timeoutMilliseconds: 100 }, open({ secret }))).rejects.toMatchObject({
          code: expect.stringMatching(/^table-(unreachable|timeout)$/),
        });
      }
    } finally {
      silent.close();
      rude.close();
    }
  });
});
