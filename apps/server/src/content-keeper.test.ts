import type { BlobStore } from '@kumiki/node-sdk';
import type { ContentGate } from '@kumiki/store';
import { expect, it } from 'vitest';
import { ContentKeeper } from './content-keeper.ts';

/** Of a server that is alone. */
const gate: ContentGate = {
  enter: async () => async () => true,
  tryClear: async (work) => {
    await work();
    return true;
  },
  close: async () => {},
};

/** Contents by hash; only what the keeper asks of a blob store. */
function makeKeeper(isNamed: (sha256: string) => Promise<boolean>) {
  const held = new Set<string>();
  const blobs: BlobStore = {
    put: async () => ({ sha256: '', bytes: 0 }),
    read: async function* () {},
    has: async (sha256) => held.has(sha256),
    delete: async (sha256) => void held.delete(sha256),
    list: async function* () {},
  };
  return { keeper: new ContentKeeper({ blobs, gate, isNamed }), held };
}

it('takes contents in although the database failed while another was to go, and lets that one go later', async () => {
  let isDown = true;
  const { keeper, held } = makeKeeper(async () => {
    if (isDown) throw new Error('the database is away');
    return false;
  });
  held.add('old');
  await keeper.release('old');
  isDown = false;
  expect(await keeper.keep(async () => 'taken in')).toBe('taken in');
  expect(held.has('old')).toBe(false);
});

it('never takes away what arrives again', async () => {
  const named = new Set<string>();
  const { keeper, held } = makeKeeper(async (sha256) => named.has(sha256));
  held.add('same');
  const arrived = Promise.withResolvers<void>();
  const keeping = keeper.keep(async () => {
    await arrived.promise;
    named.add('same');
  });
  const released = keeper.release('same');
  arrived.resolve();
  await Promise.all([keeping, released]);
  expect(held.has('same')).toBe(true);
});
