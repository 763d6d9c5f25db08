import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createId } from '../database/create-id.ts';
import type { Store } from '../database/open-store.ts';
import { openTestDatabase } from '../testing/open-test-database.ts';
import { mayOthersAnswer, removeServer, showServer } from './servers.ts';

let store: Store;
beforeAll(async () => {
  store = await openTestDatabase();
});
afterAll(() => store.close());

it('knows of others that may be answering, until they left or the longest answer is over', async () => {
  const { database } = store;
  const [own, other] = [createId(), createId()];
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
  const mayAnswer = (before = new Date()) =>
    mayOthersAnswer(database, { id: own, before, longestMilliseconds: 600_000 });
  await showServer(database, own);
  expect(await mayAnswer()).toBe(false);
  await showServer(database, other);
  await showServer(database, other);
  expect(await mayAnswer()).toBe(true);
  expect(await mayAnswer(minutesAgo(9))).toBe(true);
  expect(await mayAnswer(minutesAgo(11))).toBe(false);
  // Killed before the time in question: what it was answering is gone with it.
  await database.execute(sql`update servers set seen_at = now() - interval '5 minutes' where id = ${other}::uuid`);
  expect(await mayAnswer()).toBe(false);
  expect(await mayAnswer(minutesAgo(5))).toBe(true);
  await removeServer(database, other);
  expect(await mayAnswer(minutesAgo(5))).toBe(false);
});
