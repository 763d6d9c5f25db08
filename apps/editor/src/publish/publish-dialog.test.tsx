import type { FlowDocument } from '@kumiki/flow';
import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { client } from '../api/client.ts';
import { endpointsQuery } from '../api/endpoints.ts';
import { buildsQuery } from '../api/flows.ts';
import { renderEditor } from '../testing/render-editor.tsx';
import { testDocument } from '../testing/test-flow.ts';
import { PublishDialog } from './publish-dialog.tsx';

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const document: FlowDocument = {
  ...testDocument,
  name: 'help',
  nodes: { answer: { type: 'output', version: 1, settings: { name: '調整済み' }, position: { x: 0, y: 0 } } },
};

test('what a person should know although it was published is said beside the address', async () => {
  const createdAt = '2025-11-23T09:00:00.000Z';
  const message = { en: 'Trained with another prompt.', ja: '学習時とは別のひな形で質問されます。' };
  const routes = [{ flow: 'flow', version: 2, build: 3, output: '調整済み', weight: 1 }];
  const endpoint = { slug: 'help', follow: true, routes, createdAt, updatedAt: createdAt };
  const post = vi.spyOn(client, 'POST').mockResolvedValue({
    data: { ...endpoint, warnings: [{ code: 'trained-prompt-differs', node: 'answer', message }] },
    response: new Response(null, { status: 201 }),
  });
  const { queries } = await renderEditor(<PublishDialog onClose={() => undefined} />, document);
  act(() => {
    queries.setQueryData(endpointsQuery.queryKey, []);
    queries.setQueryData(buildsQuery('flow').queryKey, {
      items: [{ number: 3, version: 2, run: 'r', createdAt, artifacts: [], models: [] }],
      next: null,
    });
  });
  const dialog = within(await screen.findByRole('dialog'));
  fireEvent.click(dialog.getByRole('button', { name: '公開する' }));
  expect(await dialog.findByText(message.ja)).toBeTruthy();
  expect(dialog.getByText(/\/v1\/endpoints\/help$/)).toBeTruthy();
  expect(post.mock.lastCall).toMatchObject(['/api/endpoints', { body: { slug: 'help', follow: true, routes } }]);
});
