import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { client } from '../api/client.ts';
import { secretsQuery } from '../api/secrets.ts';
import { renderPage } from '../testing/render-page.tsx';
import { SecretsPage } from './secrets-page.tsx';

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const renderSecrets = (...names: string[]) =>
  renderPage(SecretsPage, (queries) => {
    const updatedAt = '2026-11-01T00:00:00.000Z';
    queries.setQueryData(
      secretsQuery.queryKey,
      names.map((name) => ({ name, updatedAt })),
    );
  });

function listenToSaving() {
  const answer = { data: { name: 'crm' }, response: new Response(null, { status: 201 }) };
  return vi.spyOn(client, 'POST').mockResolvedValue(answer);
}

async function openDialog(button: string) {
  fireEvent.click(screen.getByRole('button', { name: button }));
  return within(await screen.findByRole('dialog'));
}

test('a secret is added by name and value; a name that the server would refuse is explained', async () => {
  const post = listenToSaving();
  await renderSecrets();
  const dialog = await openDialog('新しいシークレット');
  const save = dialog.getByRole<HTMLButtonElement>('button', { name: '保存' });
  const name = dialog.getByRole('textbox', { name: '名前' });
  fireEvent.change(dialog.getByLabelText('値'), { target: { value: 'sk-1' } });
  fireEvent.change(name, { target: { value: '顧客' } });
  expect(dialog.getByText(/半角の英字で始め/)).toBeTruthy();
  expect(save.disabled).toBe(true);
  fireEvent.change(name, { target: { value: 'crm' } });
  fireEvent.click(save);
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(post.mock.lastCall).toMatchObject(['/api/secrets', { body: { name: 'crm', value: 'sk-1' } }]);
  expect(document.body.textContent).not.toContain('sk-1');
});

test('a name that is taken says that saving replaces its value', async () => {
  listenToSaving();
  await renderSecrets('crm');
  const dialog = await openDialog('新しいシークレット');
  fireEvent.change(dialog.getByRole('textbox', { name: '名前' }), { target: { value: 'crm' } });
  expect(dialog.getByRole('status').textContent).toContain('値が置き換わります');
  expect(dialog.getByRole('button', { name: '置き換える' })).toBeTruthy();
});

test('a value is replaced without being shown', async () => {
  const post = listenToSaving();
  await renderSecrets('crm');
  const dialog = await openDialog('置き換える');
  expect(dialog.getByRole('heading', { name: '「crm」の値を置き換える' })).toBeTruthy();
  const value = dialog.getByLabelText<HTMLInputElement>('値');
  expect(value.value).toBe('');
  fireEvent.change(value, { target: { value: 'sk-2' } });
  fireEvent.click(dialog.getByRole('button', { name: '置き換える' }));
  await waitFor(() => expect(post).toHaveBeenCalled());
  expect(post.mock.lastCall).toMatchObject(['/api/secrets', { body: { name: 'crm', value: 'sk-2' } }]);
});

test('a secret is deleted once that is confirmed', async () => {
  const remove = vi.spyOn(client, 'DELETE').mockResolvedValue({ response: new Response(null, { status: 204 }) });
  await renderSecrets('crm');
  const dialog = await openDialog('削除');
  expect(remove).not.toHaveBeenCalled();
  fireEvent.click(dialog.getByRole('button', { name: '削除' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(remove.mock.lastCall).toMatchObject(['/api/secrets/{name}', { params: { path: { name: 'crm' } } }]);
});
