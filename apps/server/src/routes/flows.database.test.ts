import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestWorkbench, type TestWorkbench } from '../testing/open-test-workbench.ts';
import { drawPassThrough } from '../testing/sample-flows.ts';

let test: TestWorkbench;
beforeAll(async () => {
  test = await openTestWorkbench();
});
afterAll(() => test.close());

describe('flows over HTTP', () => {
  it('are created, listed, read with their revision as ETag, saved and deleted', async () => {
    const created = await test.call('POST', '/api/flows', { document: drawPassThrough('一番目') });
    expect(created.status).toBe(201);
    const path = `/api/flows/${created.body.id}`;
    const read = await test.call('GET', path);
    expect(read.headers.get('etag')).toBe('"1"');
    expect(read.body).toMatchObject({ name: '一番目', revision: 1, nodes: 2, latestVersion: null, latestBuild: null });
    const saved = await test.call('PUT', path, { document: drawPassThrough('改名') }, { 'if-match': '"1"' });
    expect(saved.body).toEqual({ id: created.body.id, revision: 2 });
    const list = await test.call('GET', '/api/flows');
    expect(list.body.items).toMatchObject([{ id: created.body.id, name: '改名', revision: 2, nodes: 2 }]);
    expect((await test.call('DELETE', path)).status).toBe(204);
    expect((await test.call('GET', path)).body).toMatchObject({ status: 404, code: 'flow-unknown' });
  });

  it('refuse a save without a revision, and one that is based on an old revision', async () => {
    const { body } = await test.call('POST', '/api/flows', { document: drawPassThrough() });
    const path = `/api/flows/${body.id}`;
    const document = drawPassThrough('theirs');
    expect((await test.call('PUT', path, { document })).status).toBe(428);
    expect((await test.call('PUT', path, { document }, { 'if-match': '"1"' })).status).toBe(200);
    const stale = await test.call('PUT', path, { document: drawPassThrough('mine') }, { 'if-match': '"1"' });
    expect(stale).toMatchObject({ status: 412, body: { code: 'revision-stale' } });
    expect((await test.call('GET', path)).body.name).toBe('theirs');
    expect((await test.call('PUT', path, { document }, { 'if-match': 'soon' })).status).toBe(422);
  });

  it('keep the number of an equal version, and tell what changed between two', async () => {
    const { body } = await test.call('POST', '/api/flows', { document: drawPassThrough('first') });
    const path = `/api/flows/${body.id}`;
    expect((await test.call('POST', `${path}/versions`, { revision: 1 })).body).toEqual({ number: 1 });
    expect((await test.call('POST', `${path}/versions`, { revision: 1 })).body).toEqual({ number: 1 });
    await test.call('PUT', path, { document: drawPassThrough('second') }, { 'if-match': '"1"' });
    expect((await test.call('POST', `${path}/versions`, { revision: 1 })).status).toBe(412);
    expect((await test.call('POST', `${path}/versions`, { revision: 2 })).body).toEqual({ number: 2 });
    expect((await test.call('GET', `${path}/versions`)).body.items).toMatchObject([{ number: 2 }, { number: 1 }]);
    expect((await test.call('GET', `${path}/versions/1`)).body.document.name).toBe('first');
    expect((await test.call('GET', `${path}/diff?from=1&to=2`)).status).toBe(200);
    expect((await test.call('GET', `${path}/versions/9`)).body.code).toBe('version-unknown');
  });
});

describe('a document that is not a flow', () => {
  it.each([
    ['of an unknown format', { hello: 'world' }, 'unknown-format'],
    ['written by a newer Kumiki', { ...drawPassThrough(), format: 'kumiki/flow@99' }, 'newer-format'],
    ['without nodes', { format: 'kumiki/flow@1', name: 'x', edges: [] }, 'invalid-document'],
  ])('%s is refused with its problems', async (_, document, code) => {
    const answer = await test.call('POST', '/api/flows', { document });
    expect(answer).toMatchObject({ status: 422, body: { code, problems: [{ code }] } });
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });

  it('and a body that is not JSON at all are clear problems in the language of the client', async () => {
    const answer = await test.call('POST', '/api/flows', '{"document":', { 'accept-language': 'ja,en;q=0.8' });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-json' } });
    expect(answer.body.detail).toContain('JSON ではありません');
    expect(JSON.stringify(answer.body)).not.toContain('at ');
  });
});

describe('checking', () => {
  it('names unknown node types, missing settings and wires that do not fit', async () => {
    const document = drawPassThrough();
    const odd = {
      ...document,
      nodes: {
        ...document.nodes,
        ghost: { type: 'load/ghosts', version: 1, settings: {}, position: { x: 0, y: 0 } },
        chat: { type: 'model/chat', version: 1, settings: {}, position: { x: 0, y: 0 } },
      },
      edges: [...document.edges, { from: 'chat.model', to: 'output.passages' }],
    };
    const { body } = await test.call('POST', '/api/flows/check', { document: odd });
    const codes = body.problems.map((problem: { code: string }) => problem.code);
    expect(codes).toEqual(expect.arrayContaining(['unknown-node-type', 'missing-setting', 'kind-mismatch']));
    const { id } = (await test.call('POST', '/api/flows', { document: odd })).body;
    const build = await test.call('POST', `/api/flows/${id}/builds`, {});
    expect(build).toMatchObject({ status: 422, body: { code: 'flow-invalid' } });
    expect(build.body.problems.length).toBeGreaterThan(2);
  });
});
