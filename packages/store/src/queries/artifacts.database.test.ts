import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../database/open-store.ts';
import { openTestDatabase } from '../testing/open-test-database.ts';
import { workspace } from '../testing/samples.ts';
import { createArtifactStore } from './artifacts.ts';

let store: Store;
beforeAll(async () => {
  store = await openTestDatabase();
});
afterAll(() => store.close());

const artifact = {
  fingerprint: 'f1',
  lineage: 'l1',
  nodeType: 'index/pgvector',
  outputs: { index: { generation: 1 } },
  contents: [{ id: 'load/a', contentHash: 'h1' }],
};

describe('the artifact store', () => {
  it('keeps the first artifact of a fingerprint', async () => {
    const artifacts = createArtifactStore(store.database);
    expect(await artifacts.find(workspace, 'f1')).toBeNull();
    expect(await artifacts.save(workspace, artifact)).toEqual(artifact);
    expect(await artifacts.save(workspace, { ...artifact, outputs: { index: { generation: 2 } } })).toEqual(artifact);
    expect(await artifacts.find(workspace, 'f1')).toEqual(artifact);
    expect(await artifacts.find('other', 'f1')).toBeNull();
  });

  it('finds the newest artifact of a lineage, of the workspace that asks', async () => {
    const artifacts = createArtifactStore(store.database);
    const older = { ...artifact, fingerprint: 'f2', lineage: 'l2' };
    const newer = { ...older, fingerprint: 'f3', contents: [] };
    await artifacts.save(workspace, older);
    expect(await artifacts.findNewest(workspace, 'l2')).toEqual(older);
    await artifacts.save(workspace, newer);
    expect(await artifacts.findNewest(workspace, 'l2')).toEqual(newer);
    expect(await artifacts.findNewest('other', 'l2')).toBeNull();
    expect(await artifacts.findNewest(workspace, 'none')).toBeNull();
  });

  it('knows a content by its identity, and only by the very same', async () => {
    const artifacts = createArtifactStore(store.database);
    const record = (identity: string, contentHash: string) =>
      artifacts.recordContentHashes(workspace, 's', [{ id: 'a"\\', identity, contentHash }]);
    const find = (identity: string) =>
      artifacts.findContentHashes(workspace, 's', [
        { id: 'a"\\', identity },
        { id: 'b', identity },
      ]);
    await record('10 bytes', 'h1');
    expect(await find('10 bytes')).toEqual(new Map([['a"\\', 'h1']]));
    expect(await find('11 bytes')).toEqual(new Map());
    await record('11 bytes', 'h2');
    expect(await find('10 bytes')).toEqual(new Map());
    expect(await find('11 bytes')).toEqual(new Map([['a"\\', 'h2']]));
  });
});
