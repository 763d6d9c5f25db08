import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openTestWorkbench, type TestWorkbench } from '../testing/open-test-workbench.ts';

let test: TestWorkbench;
beforeAll(async () => {
  test = await openTestWorkbench();
});
afterAll(() => test.close());

async function createCollection(name: string): Promise<string> {
  return (await test.call('POST', '/api/collections', { name })).body.id;
}

function put(collection: string, name: string, body: string | Uint8Array<ArrayBuffer>, mediaType = 'text/plain') {
  const path = `/api/collections/${collection}/files/${encodeURIComponent(name)}`;
  return test.fetch(path, { method: 'PUT', headers: { 'content-type': mediaType }, body });
}

/** What collections and single files have in common, besides the id that only the latter have. */
const answerSchema = z.object({ id: z.string().optional(), name: z.string(), bytes: z.int(), sha256: z.string() });

async function readFileAnswer(answer: Response) {
  return answerSchema.parse(await answer.json());
}

describe('a collection', () => {
  it('takes files with Japanese names, lists them in pages, and gives them back', async () => {
    const id = await createCollection('資料');
    for (const name of ['三.txt', '一.txt', '二.txt']) expect((await put(id, name, `内容 ${name}`)).status).toBe(200);
    const first = await test.call('GET', `/api/collections/${id}/files?limit=2`);
    expect(first.body.items.map(({ name }: { name: string }) => name)).toEqual(['一.txt', '三.txt']);
    const rest = await test.call(
      'GET',
      `/api/collections/${id}/files?limit=2&cursor=${encodeURIComponent(first.body.next)}`,
    );
    expect(rest.body).toMatchObject({ items: [{ name: '二.txt' }], next: null });
    const file = await test.fetch(`/api/collections/${id}/files/${encodeURIComponent('二.txt')}`);
    expect(await file.text()).toBe('内容 二.txt');
    expect(file.headers.get('content-disposition')).toMatch(/^attachment/);
    expect((await test.call('GET', '/api/collections')).body.items).toMatchObject([{ name: '資料', files: 3 }]);
  });

  it('shows the text of a member, in whose offsets citations count', async () => {
    const id = await createCollection('texts');
    await put(id, 'guide.md', '# 使い方\n\nまず電源を入れます。', 'text/markdown');
    const { body } = await test.call('GET', `/api/collections/${id}/files/guide.md/text`);
    expect(body.text).toContain('電源を入れます');
    expect(body.headings).toMatchObject([{ level: 1, title: '使い方' }]);
  });

  it('shows the transcript of conversations, in whose offsets their passages count', async () => {
    const id = await createCollection('talks');
    const said = { utterances: [{ name: '佐藤', text: '届きません', time: '2024-01-05 10:03' }] };
    await put(id, 'talk.json', JSON.stringify(said), 'application/json');
    const { body } = await test.call('GET', `/api/collections/${id}/files/talk.json/text?as=conversations`);
    expect(body).toEqual({
      text: '2024-01-05 10:03\n[10:03] 佐藤: 届きません\n',
      headings: [{ level: 1, title: '2024-01-05 10:03', start: 0 }],
      pages: [],
    });
    await put(id, 'guide.md', '# 使い方', 'text/markdown');
    expect(await test.call('GET', `/api/collections/${id}/files/guide.md/text?as=conversations`)).toMatchObject({
      status: 422,
      body: { code: 'conversation-format-unknown' },
    });
  });

  it('refuses a name that cannot be stored', async () => {
    const id = await createCollection('nul');
    expect((await put(id, 'a\u0000b.txt', 'text')).status).toBe(422);
    expect(await test.call('GET', `/api/collections/${id}/files/%00`)).toMatchObject({
      status: 422,
      body: { code: 'text-not-storable' },
    });
  });

  it('says what is wrong with a file that is not what its name says', async () => {
    const id = await createCollection('odd');
    await put(id, 'report.pdf', 'not a PDF at all', 'application/pdf');
    const answer = await test.call('GET', `/api/collections/${id}/files/report.pdf/text`);
    expect(answer.status).toBe(422);
    expect(answer.body.code).toMatch(/^document-/);
    expect(answer.body.texts.ja).not.toBe('');
  });

  it('refuses empty files, names with folders in them, and a name that is taken', async () => {
    const id = await createCollection('strict');
    expect((await put(id, 'empty.txt', '')).status).toBe(422);
    expect((await put(id, '../secret.txt', 'x')).status).toBe(422);
    expect(await test.call('POST', '/api/collections', { name: 'strict' })).toMatchObject({
      status: 409,
      body: { code: 'collection-exists' },
    });
  });

  it('lets contents go that nobody names any more, and keeps those that somebody does', async () => {
    const [one, two] = [await createCollection('one'), await createCollection('two')];
    const { sha256 } = await readFileAnswer(await put(one, 'shared.txt', 'the same content'));
    await put(two, 'copy.txt', 'the same content');
    expect((await test.call('DELETE', `/api/collections/${one}`)).status).toBe(204);
    expect(await test.workbench.blobs.has(sha256)).toBe(true);
    await put(two, 'copy.txt', 'another content');
    expect(await test.workbench.blobs.has(sha256)).toBe(false);
    expect((await test.call('GET', `/api/collections/${one}/files`)).body.code).toBe('collection-unknown');
  });
});

describe('a single file', () => {
  it('is uploaded as multipart, read and deleted', async () => {
    const form = new FormData();
    form.set('file', new File(['hello'], '挨拶.txt', { type: 'text/plain' }));
    const uploaded = await test.fetch('/api/files', { method: 'POST', body: form });
    expect(uploaded.status).toBe(201);
    const { id, bytes, name } = await readFileAnswer(uploaded);
    expect([bytes, name]).toEqual([5, '挨拶.txt']);
    expect(await (await test.fetch(`/api/files/${id}`)).text()).toBe('hello');
    expect((await test.call('DELETE', `/api/files/${id}`)).status).toBe(204);
    expect((await test.call('GET', `/api/files/${id}`)).body.code).toBe('file-unknown');
  });

  it('is asked for where the body has none', async () => {
    const form = new FormData();
    form.set('other', 'x');
    const answer = await test.fetch('/api/files', { method: 'POST', body: form });
    expect(answer.status).toBe(422);
  });
});
