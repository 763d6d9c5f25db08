import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Store } from '../database/open-store.ts';
import { openTestDatabase } from '../testing/open-test-database.ts';
import { makeDocument, workspace } from '../testing/samples.ts';
import { insertBuild, listBuilds, readBuild } from './builds.ts';
import { insertEndpoint, readEndpoint } from './endpoints.ts';
import { findFlowFacts } from './flow-facts.ts';
import { deleteFlow, insertFlow, listFlows, readFlow, saveFlow } from './flows.ts';
import { freezeVersion, listVersions, readVersion } from './versions.ts';

let store: Store;
beforeAll(async () => {
  store = await openTestDatabase();
});
afterAll(() => store.close());

const build = { workspace, run: null, nodes: {}, fingerprints: [], models: [] };

describe('flows', () => {
  it('keep their draft, and count its saves', async () => {
    const { id: flow } = await insertFlow(store.database, { workspace, document: makeDocument('Help') });
    const saved = await saveFlow(store.database, { workspace, flow, revision: 1, document: makeDocument('Help desk') });
    expect(saved).toMatchObject({ revision: 2, name: 'Help desk' });
    expect(await readFlow(store.database, { workspace, flow })).toMatchObject({
      revision: 2,
      document: { name: 'Help desk' },
    });
    expect(await findFlowFacts(store.database, [flow])).toEqual(
      new Map([[flow, { nodes: 1, latestVersion: null, latestBuild: null }]]),
    );
  });

  it('tell their newest version and build', async () => {
    const { id: flow } = await insertFlow(store.database, { workspace, document: makeDocument('A') });
    const document = makeDocument('A');
    await freezeVersion(store.database, { workspace, flow, document, documentHash: 'hash of A' });
    const version = 1;
    await insertBuild(store.database, { ...build, flow, version });
    await insertBuild(store.database, { ...build, flow, version });
    expect(await findFlowFacts(store.database, [flow])).toEqual(
      new Map([[flow, { nodes: 1, latestVersion: 1, latestBuild: 2 }]]),
    );
  });

  it('refuse a save over a revision that somebody else has replaced', async () => {
    const { id: flow } = await insertFlow(store.database, { workspace, document: makeDocument('A') });
    await saveFlow(store.database, { workspace, flow, revision: 1, document: makeDocument('B') });
    await expect(
      saveFlow(store.database, { workspace, flow, revision: 1, document: makeDocument('C') }),
    ).rejects.toMatchObject({ code: 'revision-stale', status: 412 });
    expect(await readFlow(store.database, { workspace, flow })).toMatchObject({ name: 'B' });
  });

  it('are not found in another workspace, nor under a malformed id', async () => {
    const { id: flow } = await insertFlow(store.database, { workspace, document: makeDocument('A') });
    await expect(readFlow(store.database, { workspace: 'other', flow })).rejects.toMatchObject({ status: 404 });
    await expect(readFlow(store.database, { workspace, flow: "1' or '1'='1" })).rejects.toMatchObject({
      code: 'flow-unknown',
    });
  });

  it('are listed page by page, newest change first', async () => {
    const ids: string[] = [];
    for (const name of ['1', '2', '3']) {
      ids.push((await insertFlow(store.database, { workspace, document: makeDocument(name) })).id);
    }
    // Times are rounded to the millisecond, up as well as down.
    const made = Date.now();
    await vi.waitUntil(() => Date.now() > made + 1, { interval: 1 });
    await saveFlow(store.database, { workspace, flow: ids[0] ?? '', revision: 1, document: makeDocument('1b') });
    const first = await listFlows(store.database, { workspace, limit: 2 });
    const second = await listFlows(store.database, { workspace, limit: 2, cursor: first.next ?? '' });
    expect([...first.items, ...second.items].slice(0, 3).map((flow) => flow.name)).toEqual(['1b', '3', '2']);
    await expect(listFlows(store.database, { workspace, cursor: 'x' })).rejects.toMatchObject({
      code: 'cursor-invalid',
    });
  });

  it('take texts that the database would refuse', async () => {
    const document = { ...makeDocument('a\0b\ud800'), notes: [] };
    const { id: flow } = await insertFlow(store.database, { workspace, document });
    expect((await readFlow(store.database, { workspace, flow })).document.name).toBe('ab\ufffd');
  });
});

describe('versions', () => {
  it('are numbered, and an equal document keeps its number', async () => {
    const { id: flow } = await insertFlow(store.database, { workspace, document: makeDocument('A') });
    const freeze = (name: string) =>
      freezeVersion(store.database, { workspace, flow, document: makeDocument(name), documentHash: `hash of ${name}` });
    expect(await freeze('A')).toMatchObject({ created: true, version: { number: 1 } });
    expect(await freeze('B')).toMatchObject({ created: true, version: { number: 2 } });
    expect(await freeze('A')).toMatchObject({ created: false, version: { number: 1 } });
    expect((await readVersion(store.database, { workspace, flow, version: 2 })).document.name).toBe('B');
    const { items, next } = await listVersions(store.database, { workspace, flow, limit: 1 });
    expect(items.map((version) => version.number)).toEqual([2]);
    expect(await listVersions(store.database, { workspace, flow, cursor: next ?? '' })).toMatchObject({
      items: [{ number: 1, nodes: 1 }],
      next: null,
    });
    await expect(readVersion(store.database, { workspace, flow, version: 3 })).rejects.toMatchObject({ status: 404 });
  });

  it('are numbered without gaps when many freeze at once', async () => {
    const { id: flow } = await insertFlow(store.database, { workspace, document: makeDocument('A') });
    const frozen = await Promise.all(
      Array.from({ length: 8 }, (_, place) =>
        freezeVersion(store.database, { workspace, flow, document: makeDocument('A'), documentHash: String(place) }),
      ),
    );
    expect(frozen.map((each) => each.version.number).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

describe('builds', () => {
  it('move the endpoints that follow their version, and no others', async () => {
    const { id: flow } = await insertFlow(store.database, { workspace, document: makeDocument('A') });
    await insertBuild(store.database, { ...build, flow, version: 1 });
    const route = { flow, version: 1, build: 1, output: 'answer', weight: 1 };
    await insertEndpoint(store.database, { workspace, slug: 'following', follow: true, routes: [route] });
    await insertEndpoint(store.database, { workspace, slug: 'pinned', follow: false, routes: [route] });
    const mixed = [route, { ...route, version: 2, weight: 3 }];
    await insertEndpoint(store.database, { workspace, slug: 'mixed', follow: true, routes: mixed });

    expect(await insertBuild(store.database, { ...build, flow, version: 1 })).toMatchObject({ number: 2 });
    const routesOf = async (slug: string) => (await readEndpoint(store.database, { workspace, slug })).routes;
    expect(await routesOf('following')).toEqual([{ ...route, build: 2 }]);
    expect(await routesOf('pinned')).toEqual([route]);
    expect(await routesOf('mixed')).toEqual([{ ...route, build: 2 }, { ...mixed[1] }]);
    expect((await listBuilds(store.database, { workspace, flow })).items.map((each) => each.number)).toEqual([2, 1]);
    expect(await readBuild(store.database, { workspace, flow, build: 2 })).toMatchObject({ version: 1 });
  });

  it('keep their flow from being deleted while an endpoint serves it', async () => {
    const { id: flow } = await insertFlow(store.database, { workspace, document: makeDocument('A') });
    const routes = [{ flow, version: 1, build: 1, output: 'answer', weight: 1 }];
    await insertEndpoint(store.database, { workspace, slug: 'serving', follow: false, routes });
    await expect(deleteFlow(store.database, { workspace, flow })).rejects.toMatchObject({ code: 'flow-in-use' });
    const { id: other } = await insertFlow(store.database, { workspace, document: makeDocument('B') });
    await deleteFlow(store.database, { workspace, flow: other });
    await expect(deleteFlow(store.database, { workspace, flow: other })).rejects.toMatchObject({ status: 404 });
  });
});
