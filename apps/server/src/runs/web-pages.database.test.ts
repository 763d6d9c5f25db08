import { createHash } from 'node:crypto';
import { didRun } from '@kumiki/testkit';
import { afterEach, expect, it } from 'vitest';
import { startWebServer } from '../egress/testing/start-web-server.ts';
import { openTestWorkbench, type TestWorkbench } from '../testing/open-test-workbench.ts';
import { drawIndex } from '../testing/sample-flows.ts';

let test: TestWorkbench;
afterEach(() => test.close());

const drawPages = (...addresses: readonly string[]) => drawIndex('load/web', { addresses: addresses.join('\n') });

/** Pages by path; each has an ETag unless its name says otherwise. */
async function startSite(pages: Map<string, string>) {
  const { address, requests } = await startWebServer(({ method, path }, response) => {
    const text = pages.get(path);
    const etag = text === undefined ? '' : `"${createHash('sha256').update(text).digest('hex')}"`;
    const headers = { 'content-type': 'text/html', ...(path.includes('plain') ? {} : { etag }) };
    response.writeHead(text === undefined ? 404 : 200, headers);
    response.end(method === 'HEAD' ? undefined : `<html><body><p>${text}</p></body></html>`);
  });
  let seen = 0;
  return {
    address,
    /** What was asked since the last time. */
    takeLog() {
      const taken = requests.slice(seen).map(({ method, path }) => `${method} ${path}`);
      seen = requests.length;
      return taken.sort();
    },
  };
}

const build = async (flow: string) => (await test.buildFlow(flow)).events;

it('a page whose ETag is the same is not read again; one that changed is read alone, and one that fails keeps its text', async () => {
  test = await openTestWorkbench({ KUMIKI_EGRESS: '127.0.0.1' });
  const pages = new Map([
    ['/cats', '猫は夜に鳴きます。'],
    ['/dogs', '犬は朝に散歩します。'],
    ['/plain', '鳥は昼に歌います。'],
  ]);
  const site = await startSite(pages);
  const addresses = [...pages.keys()].map((path) => site.address + path);
  const flow = (await test.call('POST', '/api/flows', { document: drawPages(...addresses) })).body.id;
  const listing = ['GET /plain', 'HEAD /cats', 'HEAD /dogs', 'HEAD /plain'];

  const first = await build(flow);
  expect(first.at(-1)).toMatchObject({ type: 'run-end', state: 'succeeded' });
  expect(site.takeLog()).toEqual([...listing, 'GET /cats', 'GET /dogs', 'GET /plain'].sort());

  const second = await build(flow);
  expect(['load', 'chunk', 'embed', 'index'].filter((node) => didRun(second, node))).toEqual([]);
  expect(site.takeLog()).toEqual(listing);

  pages.set('/dogs', '犬は夕方にも散歩します。');
  const third = await build(flow);
  expect(didRun(third, 'load')).toBe(true);
  expect(site.takeLog()).toEqual(['GET /dogs', ...listing].sort());

  pages.delete('/cats');
  const fourth = await build(flow);
  expect(fourth.at(-1)).toMatchObject({ type: 'run-end', state: 'succeeded' });
  expect(fourth.find((event) => event.type === 'node-end' && event.node === 'load')).toMatchObject({
    documentErrors: [{ id: `load/${site.address}/cats`, error: { code: 'page-unreadable' } }],
  });
  const sizes = fourth.find((event) => event.type === 'node-end' && event.node === 'index');
  expect(sizes).toMatchObject({ sample: { index: [{ documents: 3 }] } });
});

it('a page inside the house fails by itself, and says what the operator can do', async () => {
  test = await openTestWorkbench();
  const site = await startSite(new Map([['/secret', '内部の文書']]));
  const flow = (await test.call('POST', '/api/flows', { document: drawPages(`${site.address}/secret`) })).body.id;
  const events = await build(flow);
  expect(events.find((event) => event.type === 'node-end' && event.node === 'load')).toMatchObject({
    documentErrors: [{ error: { code: 'egress-refused', message: { ja: expect.stringContaining('KUMIKI_EGRESS') } } }],
  });
  expect(site.takeLog()).toEqual([]);
});

it('a sitemap that cannot be read fails the build, and removes nothing', async () => {
  test = await openTestWorkbench({ KUMIKI_EGRESS: '127.0.0.1' });
  const pages = new Map([['/a', '本文']]);
  const site = await startSite(pages);
  pages.set('/sitemap.xml', `<urlset><url><loc>${site.address}/a</loc></url></urlset>`);
  const document = drawPages(`${site.address}/sitemap.xml`);
  const flow = (await test.call('POST', '/api/flows', { document })).body.id;
  expect((await build(flow)).at(-1)).toMatchObject({ state: 'succeeded' });
  pages.delete('/sitemap.xml');
  expect((await build(flow)).at(-1)).toMatchObject({
    state: 'failed',
    error: { code: 'sitemap-unreadable', node: 'load' },
  });
  const { body } = await test.call('GET', `/api/flows/${flow}/builds`);
  expect(body.items).toHaveLength(1);
});
