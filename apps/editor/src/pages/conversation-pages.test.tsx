import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { client } from '../api/client.ts';
import { type ConversationTurn, conversationQuery, conversationsQuery } from '../api/conversations.ts';
import { renderPage } from '../testing/render-page.tsx';
import { Reading } from './conversation-page.tsx';
import { Conversations } from './conversations-page.tsx';

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const at = '2025-11-23T09:00:00.000Z';
const conversation = (name: string, turns: number) => ({
  ...{ name, turns, createdAt: at, updatedAt: at },
  route: { flow: 'help', version: 2, output: 'answer' },
});

const turn = (number: number, changes: Partial<ConversationTurn> = {}): ConversationTurn => ({
  number,
  messages: [
    { role: 'user', content: `質問 ${number}` },
    { role: 'assistant', content: `回答 ${number}` },
  ],
  run: `run-${number}`,
  answeredBy: { flow: 'help', version: 2, build: 3 },
  subject: null,
  createdAt: at,
  ...changes,
});

const renderReading = (pages: readonly ConversationTurn[][]) =>
  renderPage(
    () => <Reading slug="help" name="a/b 会話" />,
    (queries) => {
      const number = pages.flat().length;
      queries.setQueryData(conversationQuery('help', 'a/b 会話').queryKey, {
        pages: pages.map((items, place) => ({
          ...conversation('a/b 会話', number),
          items,
          next: place === 0 ? '2' : null,
        })),
        pageParams: pages.map((_, place) => (place === 0 ? null : '2')),
      });
    },
  );

test('conversations keep the order of the server, and lead to what was said in them', async () => {
  await renderPage(
    () => <Conversations slug="help" />,
    (queries) => {
      const items = [conversation('a/b 会話', 3), conversation('older', 1)];
      queries.setQueryData(conversationsQuery('help').queryKey, { pages: [{ items, next: null }], pageParams: [null] });
    },
  );
  const links = within(screen.getByRole('table')).getAllByRole('link');
  expect(links.map(({ textContent }) => textContent)).toEqual(['a/b 会話', 'older']);
  expect(decodeURIComponent(links[0]?.getAttribute('href') ?? '')).toBe('/endpoints/help/conversations/a/b 会話');
  expect(screen.getAllByText('版 2 · 案「answer」')).toHaveLength(2);
});

test('an endpoint without conversations says how one begins', async () => {
  await renderPage(
    () => <Conversations slug="help" />,
    (queries) =>
      queries.setQueryData(conversationsQuery('help').queryKey, {
        pages: [{ items: [], next: null }],
        pageParams: [null],
      }),
  );
  expect(screen.getByRole('heading', { name: '会話はまだありません' })).toBeTruthy();
});

test('turns are read from the oldest on, with who spoke and what answered', async () => {
  await renderReading([
    [turn(3, { subject: 'mei', answeredBy: { flow: 'help', version: 4, build: 7 } }), turn(2)],
    [turn(1, { answeredBy: null })],
  ]);
  const turns = within(screen.getByRole('list')).getAllByRole('listitem');
  expect(
    turns.map((item) =>
      within(item)
        .getAllByRole('definition')
        .map(({ textContent }) => textContent),
    ),
  ).toEqual([
    ['質問 1', '回答 1'],
    ['質問 2', '回答 2'],
    ['質問 3', '回答 3'],
  ]);
  const [first, second, third] = turns.map((item) => within(item));
  expect(first?.getByText('実行の記録なし')).toBeTruthy();
  expect(second?.getByRole('link', { name: '版 2 · 構築 3' })).toBeTruthy();
  expect(third?.getByRole('link', { name: '版 4 · 構築 7' })).toBeTruthy();
  expect(third?.getByText('mei')).toBeTruthy();
});

test('a conversation is deleted once that is confirmed, and the list comes back', async () => {
  const remove = vi.spyOn(client, 'DELETE').mockResolvedValue({ response: new Response(null, { status: 204 }) });
  const { router } = await renderReading([[turn(1)]]);
  fireEvent.click(screen.getByRole('button', { name: '削除' }));
  const dialog = within(await screen.findByRole('dialog', { name: '会話「a/b 会話」を削除しますか？' }));
  expect(remove).not.toHaveBeenCalled();
  fireEvent.click(dialog.getByRole('button', { name: '削除' }));
  await waitFor(() => expect(router.state.location.pathname).toBe('/endpoints/help/conversations'));
  expect(remove.mock.lastCall).toMatchObject([
    '/api/endpoints/{slug}/conversations/{name}',
    { params: { path: { slug: 'help', name: 'a/b 会話' } } },
  ]);
});
