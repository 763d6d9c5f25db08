import type { ChatMessage } from '@kumiki/node-sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createId } from '../database/create-id.ts';
import type { Store } from '../database/open-store.ts';
import { openTestDatabase } from '../testing/open-test-database.ts';
import { makeDocument, workspace } from '../testing/samples.ts';
import {
  appendTurn,
  type ConversationRoute,
  deleteConversation,
  listConversations,
  openConversation,
  readConversation,
} from './conversations.ts';
import { changeEndpoint, deleteEndpoint, insertEndpoint } from './endpoints.ts';
import { insertFlow } from './flows.ts';

let store: Store;
let route: ConversationRoute;
let slug: string;
let endpoint: string;

beforeAll(async () => {
  store = await openTestDatabase();
  const flow = (await insertFlow(store.database, { workspace, document: makeDocument('A') })).id;
  route = { flow, version: 1, output: 'answer' };
});
beforeEach(async () => {
  slug = `help-${createId().slice(-12)}`;
  const routes = [{ ...route, build: 1, weight: 1 }];
  endpoint = (await insertEndpoint(store.database, { workspace, slug, follow: false, routes })).id;
});
afterAll(() => store.close());

const user = (content: string): ChatMessage => ({ role: 'user', content });
const assistant = (content: string): ChatMessage => ({ role: 'assistant', content });
const at = (name: string) => ({ workspace, endpoint, name });

function append(
  name: string,
  messages: readonly ChatMessage[],
  turn: { readonly route?: ConversationRoute; readonly subject?: string } = {},
): Promise<void> {
  const { subject = null } = turn;
  return store.database.transaction((transaction) =>
    appendTurn(transaction, at(name), { route: turn.route ?? route, run: createId(), subject, messages }),
  );
}

describe('a conversation', () => {
  it('is empty before its first turn, and gives its turns back in order, fit for the database', async () => {
    expect(await openConversation(store.database, at('one'))).toEqual({ route: null, history: [] });
    await append('o\0ne', [user('a\0'), assistant('b\ud800')], { subject: 'k\0en' });
    await append('one', [user('c'), assistant('d')]);
    expect(await openConversation(store.database, at('one'))).toEqual({
      route,
      history: [user('a'), assistant('b\ufffd'), user('c'), assistant('d')],
    });
    const read = await readConversation(store.database, at('one'));
    expect(read).toMatchObject({ name: 'one', turns: 2, next: null });
    expect(read.items).toMatchObject([
      { number: 2, subject: null },
      { number: 1, subject: 'ken' },
    ]);
  });

  it('hands on its last forty messages, beginning with what a person said', async () => {
    for (let turn = 1; turn <= 15; turn++) {
      await append('long', [user(`${turn}`), user(`and ${turn}`), assistant(`so ${turn}`)]);
    }
    const { history } = await openConversation(store.database, at('long'));
    // Forty messages would begin with the answer of turn 2.
    expect(history).toHaveLength(39);
    expect(history[0]).toEqual(user('3'));
    expect(history.at(-1)).toEqual(assistant('so 15'));
    await append('one turn', [...Array.from({ length: 60 }, (_, place) => user(`${place}`)), assistant('b')]);
    expect((await openConversation(store.database, at('one turn'))).history).toHaveLength(40);
  });

  it('keeps whole turns, each once, of calls that end at once', async () => {
    const turns = Array.from({ length: 20 }, (_, place) => [user(`q${place}`), assistant(`a${place}`)]);
    await Promise.all(turns.map((turn) => append('busy', turn)));
    const { items, turns: count } = await readConversation(store.database, at('busy'));
    expect(count).toBe(20);
    expect(items.map(({ number }) => number)).toEqual(turns.map((_, place) => 20 - place));
    const kept = items.map(({ messages }) => JSON.stringify(messages)).sort();
    expect(kept).toEqual(turns.map((turn) => JSON.stringify(turn)).sort());
  });

  it('keeps nothing of a turn whose transaction fails', async () => {
    const failing = store.database.transaction(async (transaction) => {
      await appendTurn(transaction, at('undone'), { route, run: createId(), subject: null, messages: [user('a')] });
      throw new Error('the run had another end');
    });
    await expect(failing).rejects.toThrow('another end');
    expect(await openConversation(store.database, at('undone'))).toEqual({ route: null, history: [] });
  });

  it('keeps its first route as long as the endpoint has it, then that of the next answer', async () => {
    const other = { ...route, output: 'other' };
    const routes = [route, other].map((one) => ({ ...one, build: 1, weight: 1 }));
    await changeEndpoint(store.database, { workspace, slug, follow: false, routes });
    await append('routed', []);
    await append('routed', [user('a'), assistant('b')], { route: other });
    expect((await openConversation(store.database, at('routed'))).route).toEqual(route);
    const left = [{ ...other, build: 2, weight: 1 }];
    await changeEndpoint(store.database, { workspace, slug, follow: false, routes: left });
    await append('routed', [user('c'), assistant('d')], { route: other });
    expect(await openConversation(store.database, at('routed'))).toMatchObject({
      route: other,
      history: [user('a'), assistant('b'), user('c'), assistant('d')],
    });
  });

  it('is another one at another endpoint and in another workspace', async () => {
    await append('same', [user('a'), assistant('b')]);
    const elsewhere = { ...at('same'), workspace: 'other' };
    expect(await openConversation(store.database, elsewhere)).toEqual({ route: null, history: [] });
    await expect(readConversation(store.database, elsewhere)).rejects.toMatchObject({ code: 'conversation-unknown' });
    await expect(deleteConversation(store.database, elsewhere)).rejects.toMatchObject({ status: 404 });
    const nowhere = { ...at('same'), endpoint: createId() };
    await store.database.transaction((transaction) =>
      appendTurn(transaction, nowhere, { route, run: createId(), subject: null, messages: [user('a')] }),
    );
    expect(await openConversation(store.database, nowhere)).toEqual({ route: null, history: [] });
  });

  it('goes when it is deleted, and with its endpoint', async () => {
    await append('gone', [user('a'), assistant('b')]);
    await append('goes along', [user('a'), assistant('b')]);
    await deleteConversation(store.database, at('gone'));
    expect((await openConversation(store.database, at('gone'))).history).toEqual([]);
    await append('gone', [user('c'), assistant('d')]);
    expect((await openConversation(store.database, at('gone'))).history).toEqual([user('c'), assistant('d')]);
    await deleteEndpoint(store.database, { workspace, slug });
    expect((await listConversations(store.database, { workspace, endpoint })).items).toEqual([]);
  });
});

it('lists conversations by their last use and their turns backwards, page by page', async () => {
  for (const name of ['a', 'c', 'b', 'c']) await append(name, [user('hello'), assistant(name)]);
  const options = { workspace, endpoint, limit: 2 };
  const first = await listConversations(store.database, options);
  const second = await listConversations(store.database, { ...options, cursor: first.next ?? '' });
  expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(['c', 'b', 'a']);
  expect(second.next).toBeNull();
  await expect(listConversations(store.database, { ...options, cursor: 'x' })).rejects.toMatchObject({
    code: 'cursor-invalid',
  });
  await append('a', [user('again'), assistant('a')]);
  const newest = await readConversation(store.database, at('a'), { limit: 1 });
  const oldest = await readConversation(store.database, at('a'), { limit: 1, cursor: newest.next ?? '' });
  expect([newest, oldest].map(({ items }) => items[0]?.number)).toEqual([2, 1]);
  expect(oldest.next).toBeNull();
});
