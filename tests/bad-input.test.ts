import { mkdir } from 'node:fs/promises';
import { request as sendHttp } from 'node:http';
import { join } from 'node:path';
import type { FlowDocument } from '@kumiki/flow';
import { makeTemporaryFolder } from '@kumiki/testkit/kumiki-process';
import {
  askFlow,
  buildFlow,
  createFlow,
  type FollowedRun,
  type KumikiSession,
  type Problem,
  readAnswer,
  unwrap,
  uploadCollection,
} from '@kumiki/testkit/kumiki-session';
import { scriptedChat, scriptedEmbedding } from '@kumiki/testkit/scripted-models';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runKumiki } from './command.ts';
import { expectBothLanguages, expectNoTrace, expectProblem } from './problems.ts';
import { arm, articles, makeRagFlow } from './rag-flow.ts';
import { openStage, type Stage } from './stage.ts';
import { blankPdf, brokenPdf, protectedPdf, protectedWord } from './unreadable-documents.ts';

const question = '年額プランの返金はいつまで受けられますか？';
const sentence = '年額プランは、お申し込みから14日以内であれば全額を返金します。';
const json = { 'content-type': 'application/json' };

describe('bad input', { timeout: 60_000 }, () => {
  let stage: Stage;
  let session: KumikiSession;
  let flow: string;
  let emptyFolder: string;
  let folders: { readonly folder: string; remove(): Promise<void> };

  const send = (method: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
    session.request(path, { method, headers: { ...json, ...headers }, body: JSON.stringify(body) });

  /** A run has to fail with a code, and tell why in both languages and no insides. */
  const expectFailure = ({ end, events }: FollowedRun, code: string) => {
    expect(end.state).toBe('failed');
    expect(end.error?.code).toBe(code);
    expectBothLanguages(end.error?.message);
    expectNoTrace(JSON.stringify(events));
    return end.error;
  };

  beforeAll(async () => {
    folders = await makeTemporaryFolder();
    emptyFolder = join(folders.folder, '空');
    await mkdir(emptyFolder);
    stage = await openStage('embedded', { environment: { KUMIKI_FOLDERS: folders.folder } });
    session = stage.session;
    await uploadCollection(session, 'ヘルプ', articles);
    flow = (await createFlow(session, makeRagFlow({ collection: 'ヘルプ' }))).id;
    expect((await buildFlow(session, flow)).end.state).toBe('succeeded');
  });
  afterAll(async () => {
    await stage.close();
    await folders.remove();
  });
  afterEach(async () => {
    // Whatever was sent, what was there before answers as before.
    expect(readAnswer(await askFlow(session, flow, { inputs: { question }, build: 1 }), arm).value).toBe(
      `${sentence} [1]`,
    );
  });

  describe('in a flow', () => {
    it.each([
      ['a document without nodes', { format: 'kumiki/flow@1', name: 'x' }, 'invalid-document'],
      ['a document of another program', { nodes: [], connections: {} }, 'unknown-format'],
      ['a document of a newer Kumiki', { format: 'kumiki/flow@99', name: 'x' }, 'newer-format'],
    ])('refuses %s', async (_, document, code) => {
      const flows = await unwrap(session.client.GET('/api/flows', { params: { query: {} } }));
      const problem = await expectProblem(send('POST', '/api/flows', { document }), { status: 422, code });
      expect(problem.problems).not.toHaveLength(0);
      expect(await unwrap(session.client.GET('/api/flows', { params: { query: {} } }))).toEqual(flows);
    });

    it('refuses what is not JSON at all', async () => {
      const body = '{"document": {"format": ';
      const answer = session.request('/api/flows', { method: 'POST', headers: json, body });
      await expectProblem(answer, { status: 400, code: 'invalid-json' });
    });

    const change = (edit: (document: FlowDocument) => void) => {
      const document = makeRagFlow({ collection: 'ヘルプ' });
      edit(document);
      return document;
    };

    it.each([
      [
        'a wire between kinds that do not fit',
        change((document) => {
          document.edges.push({ from: 'load.documents', to: 'index.vectors' });
        }),
        { code: 'kind-mismatch', path: expect.stringMatching(/^\/edges\/\d+$/), node: 'index' },
      ],
      [
        'a setting that is missing',
        makeRagFlow({ collection: 'ヘルプ', settings: { load: { collection: '' } } }),
        { code: 'missing-setting', path: expect.stringContaining('/nodes/load/settings'), node: 'load' },
      ],
      [
        'a setting of the wrong type',
        makeRagFlow({ collection: 'ヘルプ', settings: { search: { limit: 'many' } } }),
        { code: 'invalid-settings', path: '/nodes/search/settings/limit', node: 'search' },
      ],
      [
        'a node type that is unknown',
        change((document) => {
          document.nodes.load = { type: 'load/dreams', version: 1, settings: {}, position: { x: 0, y: 0 } };
        }),
        { code: 'unknown-node-type', path: '/nodes/load/type', node: 'load' },
      ],
      [
        'an input that nothing is wired to',
        change((document) => {
          document.edges = document.edges.filter(({ to }) => to !== 'answer.prompt');
        }),
        { code: 'missing-input', path: '/nodes/answer', node: 'answer' },
      ],
      [
        'a circle',
        change((document) => {
          document.edges = document.edges.filter(({ to }) => to !== 'prompt.question');
          document.edges.push({ from: 'answer.answer', to: 'prompt.question' });
        }),
        { code: 'cycle' },
      ],
    ])('keeps %s as a draft, and says what is wrong when it is built', async (_, document, expected) => {
      const { id, revision } = await createFlow(session, document);
      const before = await session.client.GET('/api/flows/{id}', { params: { path: { id } } });
      const invalid = { status: 422, code: 'flow-invalid' };
      const { problems } = await expectProblem(send('POST', `/api/flows/${id}/builds`, {}), invalid);
      expect(problems).toContainEqual(expect.objectContaining({ ...expected, severity: 'error' }));
      await expectProblem(send('POST', `/api/flows/${id}/runs`, { inputs: {} }), invalid);
      const after = await session.client.GET('/api/flows/{id}', { params: { path: { id } } });
      expect(after.data).toEqual(before.data);
      expect(after.data?.revision).toBe(revision);
      await session.client.DELETE('/api/flows/{id}', { params: { path: { id } } });
    });

    it('refuses a save over a newer revision, and one that names none', async () => {
      const document = makeRagFlow({ collection: 'ヘルプ' });
      const { id, revision } = await createFlow(session, document);
      const save = (name: string, headers: Record<string, string>) =>
        send('PUT', `/api/flows/${id}`, { document: { ...document, name } }, headers);
      expect((await save('新しい名前', { 'if-match': `"${revision}"` })).status).toBe(200);
      await expectProblem(save('古い名前', { 'if-match': `"${revision}"` }), { status: 412, code: 'revision-stale' });
      await expectProblem(save('名無し', {}), { status: 428, code: 'revision-missing' });
      const { data } = await session.client.GET('/api/flows/{id}', { params: { path: { id } } });
      expect(data).toMatchObject({ name: '新しい名前', revision: revision + 1 });
    });
  });

  describe('in documents', () => {
    const build = async (document: FlowDocument) => buildFlow(session, (await createFlow(session, document)).id);

    it('says that a collection is empty', async () => {
      await uploadCollection(session, '空のコレクション', {});
      expectFailure(await build(makeRagFlow({ collection: '空のコレクション' })), 'no-documents');
    });

    it('says that a folder is empty, and that one may not be read', async () => {
      const ofFolder = (folder: string) =>
        makeRagFlow({ collection: '', settings: { load: { collection: '', folder } } });
      expectFailure(await build(ofFolder(emptyFolder)), 'no-documents');
      expectFailure(await build(ofFolder('/etc')), 'folder-not-listed');
      expectFailure(await build(ofFolder(join(folders.folder, '無い'))), 'folder-missing');
    });

    it('says that there is no such collection', async () => {
      expectFailure(await build(makeRagFlow({ collection: '無い' })), 'collection-unknown');
    });

    it('names every document that it cannot read, and answers from the others', async () => {
      const collection = await uploadCollection(session, '玉石混交', {
        ...articles,
        'more.txt': '問い合わせの窓口は総務部です。',
        'other.txt': '見積書は営業部が作成します。',
        'third.txt': '荷物は倉庫で受け取ってください。',
        'blank.pdf': blankPdf,
        'protected.pdf': protectedPdf,
        'protected.docx': protectedWord,
        'broken.pdf': brokenPdf,
        'picture.docx': 'this is no Word document',
      });
      const built = await build(makeRagFlow({ collection: '玉石混交' }));
      expect(built.end.state).toBe('succeeded');
      const errors = built.events.flatMap((event) => (event.type === 'node-end' ? event.documentErrors : []));
      expect(Object.fromEntries(errors.map(({ id, error }) => [id.split('/').at(-1), error?.code]))).toEqual({
        'blank.pdf': 'document-without-text',
        'protected.pdf': 'document-encrypted',
        'protected.docx': 'document-encrypted',
        'broken.pdf': 'document-damaged',
        'picture.docx': 'document-type-mismatch',
      });
      for (const { error } of errors) expectBothLanguages(error?.message);
      expectNoTrace(JSON.stringify(built.events));
      for (const [name, code] of [
        ['blank.pdf', 'document-without-text'],
        ['protected.pdf', 'document-encrypted'],
        ['picture.docx', 'document-type-mismatch'],
      ] as const) {
        await expectProblem(session.request(`/api/collections/${collection}/files/${name}/text`), {
          status: 422,
          code,
        });
      }
    });

    it('fails a build where too many cannot be read, and leaves the index as it was', async () => {
      await uploadCollection(session, '読めないものばかり', { 'blank.pdf': blankPdf, 'note.txt': 'メモです。' });
      expectFailure(await build(makeRagFlow({ collection: '読めないものばかり' })), 'index-too-many-failures');
    });

    it('refuses an empty file and a name that is a path', async () => {
      const { data } = await session.client.GET('/api/collections', { params: { query: {} } });
      const id = data?.items.find(({ name }) => name === 'ヘルプ')?.id;
      const put = (name: string, body: string) =>
        session.request(`/api/collections/${id}/files/${encodeURIComponent(name)}`, { method: 'PUT', body });
      await expectProblem(put('empty.txt', ''), { status: 422, code: 'file-empty' });
      await expectProblem(put('../escape.txt', 'x'), { status: 422, code: 'file-name-invalid' });
    });
  });

  describe('about models', () => {
    const build = async (settings: Parameters<typeof makeRagFlow>[0]) => {
      const { id } = await createFlow(session, makeRagFlow(settings));
      return { id, built: await buildFlow(session, id) };
    };

    it('says that a model is unknown, at which node', async () => {
      const { built } = await build({ collection: 'ヘルプ', chat: 'no-such-model' });
      expect(expectFailure(built, 'model-unknown')).toMatchObject({ node: 'chat' });
      const { built: other } = await build({ collection: 'ヘルプ', embedding: 'no-such-model' });
      expect(expectFailure(other, 'model-unknown')).toMatchObject({ node: 'embedder' });
    });

    it('says that a host is unknown', async () => {
      const { built } = await build({ collection: 'ヘルプ', host: 'nowhere' });
      expectFailure(built, 'model-host-unknown');
    });

    it('says that a model is for something else', async () => {
      const { built } = await build({ collection: 'ヘルプ', chat: scriptedEmbedding });
      expectFailure(built, 'model-purpose');
    });

    it('refuses to answer with a model whose weights have changed, until the flow is built again', async () => {
      const { id, built } = await build({ collection: 'ヘルプ', host: 'ollama' });
      expect(built.end).toMatchObject({ state: 'succeeded', build: 1 });
      await unwrap(
        session.client.POST('/api/endpoints', {
          body: { slug: 'pinned', follow: true, routes: [{ flow: id, version: 1, build: 1, output: arm, weight: 1 }] },
        }),
      );
      const call = () => send('POST', '/v1/endpoints/pinned', { inputs: { question } });
      expect((await call()).status).toBe(200);
      stage.models.changeDigest(scriptedChat, 'd'.repeat(64));
      // What a host said of a digest counts for some seconds.
      await expect.poll(async () => (await call()).status, { timeout: 20_000 }).toBe(409);
      await expectProblem(call(), { status: 409, code: 'model-changed' });
      expectFailure(await askFlow(session, id, { inputs: { question }, build: 1 }), 'model-changed');
      expect((await buildFlow(session, id)).end.state).toBe('succeeded');
      expect(await (await call()).json()).toMatchObject({ output: `${sentence} [1]` });
    });
  });

  describe('over HTTP', () => {
    /** By node:http, since fetch sets some headers by itself. */
    const sendRaw = (options: { method?: string; path: string; headers: Record<string, string> }) =>
      new Promise<Response>((resolve, reject) => {
        const { hostname, port } = new URL(stage.kumiki.address);
        const sending = sendHttp({ hostname, port, method: 'GET', ...options }, (answer) => {
          let body = '';
          answer.setEncoding('utf8').on('data', (text: string) => {
            body += text;
          });
          answer.on('end', () => {
            sending.destroy();
            const headers = { 'content-type': answer.headers['content-type'] ?? '' };
            resolve(new Response(body, { status: answer.statusCode ?? 0, headers }));
          });
        });
        sending.on('error', reject);
        sending.flushHeaders();
        if (options.method === undefined) sending.end();
      });

    it.each(['evil.example', 'evil.example:4646', '127.0.0.1.evil.example'])(
      'does not answer under the host name "%s"',
      async (host) => {
        await expectProblem(sendRaw({ path: '/health/live', headers: { host } }), { status: 421, code: 'wrong-host' });
      },
    );

    it.each([
      { origin: 'https://evil.example' },
      { origin: 'http://127.0.0.1:1' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
    ])('refuses what a page elsewhere sends: %o', async (headers) => {
      await expectProblem(send('POST', '/api/collections', { name: 'x' }, headers as Record<string, string>), {
        status: 403,
        code: 'wrong-origin',
      });
    });

    it('refuses a body that is too large, also before it has come', async () => {
      const large = { document: { name: 'x'.repeat(9 * 1024 * 1024) } };
      await expectProblem(send('POST', '/api/flows', large), { status: 413, code: 'body-too-large' });
      const { data } = await session.client.GET('/api/collections', { params: { query: {} } });
      const path = `/api/collections/${data?.items[0]?.id}/files/large.bin`;
      const link = await unwrap(
        session.client.POST('/api/keys', { body: { name: 'k', scopes: ['api'], endpoints: null } }),
      );
      const headers = { authorization: `Bearer ${link.key}`, 'content-length': String(300 * 1024 * 1024) };
      await expectProblem(sendRaw({ method: 'PUT', path, headers }), { status: 413, code: 'file-too-large' });
    });

    it.each([
      ['GET', '/api/nothing', 'route-unknown'],
      ['GET', '/v1/nothing', 'route-unknown'],
      ['PATCH', '/api/flows', 'route-unknown'],
      ['GET', '/api/flows/00000000-0000-4000-8000-000000000000', 'flow-unknown'],
      ['GET', '/api/flows/not-an-id', 'not-found'],
      ['GET', '/api/runs/00000000-0000-4000-8000-000000000000/events', 'run-unknown'],
      ['GET', '/v1/endpoints/nothing/openapi.json', 'endpoint-unknown'],
    ])('says that there is nothing: %s %s', async (method, path, code) => {
      await expectProblem(session.request(path, { method }), { status: 404, code });
    });

    it('answers in Japanese to who prefers it', async () => {
      const answer = await session.request('/api/nothing', { headers: { 'accept-language': 'ja,en;q=0.5' } });
      const problem: Problem = JSON.parse(await answer.text());
      expect(problem.detail).toBe(problem.texts?.ja);
    });

    it('refuses a used sign-in link and a wrong password', async () => {
      const token = new URL(stage.kumiki.signInLink).searchParams.get('token');
      await expectProblem(send('POST', '/api/session', { token }), { status: 401, code: 'not-signed-in' });
      await expectProblem(send('POST', '/api/session', { password: 'guess' }), { status: 401, code: 'not-signed-in' });
    });
  });

  describe('at the start', () => {
    const expectRefusal = async (
      environment: Record<string, string>,
      { code, dataFolder = emptyFolder }: { code: string; dataFolder?: string },
    ) => {
      const parameters = ['start', '--json', '--without-models'];
      const result = await runKumiki(parameters, { dataFolder, environment, folder: folders.folder });
      expect(result.code).toBe(3);
      expect(result.stdout).toBe('');
      expectNoTrace(result.stderr);
      const problem: Problem = JSON.parse(result.stderr);
      expect(problem.code).toBe(code);
      expectBothLanguages(problem.texts);
      return problem;
    };

    it('says that the port is in use, and which to take instead', async () => {
      const { port } = new URL(stage.kumiki.address);
      const problem = await expectRefusal({ KUMIKI_PORT: port }, { code: 'port-in-use' });
      expect(problem.detail).toContain(port);
    });

    it('refuses a second server on the data folder, and says where the first one is', async () => {
      const problem = await expectRefusal({}, { code: 'data-folder-in-use', dataFolder: stage.dataFolder });
      expect(problem.detail).toContain(stage.kumiki.address);
      expect(problem.detail).toContain(`process ${stage.kumiki.pid}`);
    });

    it('does not listen to the network without https and a password', async () => {
      const password = 'a password that is long enough';
      await expectRefusal({ KUMIKI_HOST: '0.0.0.0' }, { code: 'unsafe-address' });
      await expectRefusal({ KUMIKI_HOST: '0.0.0.0', KUMIKI_PASSWORD: password }, { code: 'unsafe-address' });
      const bare = { KUMIKI_HOST: '0.0.0.0', KUMIKI_PASSWORD: password, KUMIKI_PUBLIC_URL: 'http://kumiki.example' };
      await expectRefusal(bare, { code: 'unsafe-address' });
    });

    it('names the variable of the environment that cannot be used', async () => {
      const problem = await expectRefusal({ KUMIKI_PORT: 'eighty' }, { code: 'invalid-environment' });
      expect(problem.detail).toContain('KUMIKI_PORT');
      const database = { DATABASE_URL: 'mysql://127.0.0.1/x' };
      expect((await expectRefusal(database, { code: 'invalid-environment' })).detail).toContain('DATABASE_URL');
    });
  });
});
