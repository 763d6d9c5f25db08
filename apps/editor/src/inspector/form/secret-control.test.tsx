import type { JsonValue, NodeTypeDescription } from '@kumiki/flow';
import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { client } from '../../api/client.ts';
import { secretsQuery } from '../../api/secrets.ts';
import { renderEditor } from '../../testing/render-editor.tsx';
import { describeType } from '../../testing/test-flow.ts';
import { SettingsForm } from './settings-form.tsx';

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const description: NodeTypeDescription = {
  ...describeType('logic/test', {}),
  settingsSchema: { type: 'object', properties: { key: { type: 'object' } } },
  settingTexts: { key: { title: { en: 'Key', ja: 'キー' }, widget: 'secret' } },
};

async function renderKey(key?: JsonValue) {
  const onChange = vi.fn();
  const { queries } = await renderEditor(
    <SettingsForm
      node="question"
      description={description}
      settings={key === undefined ? {} : { key }}
      problems={[]}
      onChange={onChange}
      onLeave={() => undefined}
    />,
  );
  const updatedAt = '2026-11-01T00:00:00.000Z';
  act(() => void queries.setQueryData(secretsQuery.queryKey, [{ name: 'crm', updatedAt }]));
  return { onChange };
}

async function choose(name: string) {
  fireEvent.click(screen.getByLabelText('キー'));
  fireEvent.click(await screen.findByRole('option', { name, hidden: true }));
}

test('a secret is chosen by its name, and leads to the page that has them all', async () => {
  const { onChange } = await renderKey();
  await choose('crm');
  expect(onChange).toHaveBeenLastCalledWith({ key: { $secret: 'crm' } });
  expect(screen.getByRole('link', { name: 'シークレットの管理' }).getAttribute('href')).toBe('/secrets');
});

test('one that is not there is said to be missing, and can be taken out', async () => {
  const { onChange } = await renderKey({ $secret: 'gone' });
  expect(screen.getByLabelText<HTMLInputElement>('キー').value).toBe('gone');
  expect(await screen.findByText(/シークレット「gone」がありません/)).toBeTruthy();
  await choose('シークレットを使わない');
  expect(onChange).toHaveBeenLastCalledWith({ key: undefined });
});

test('a new one is added right there, by the name that is missing, and chosen', async () => {
  const answer = { data: { name: 'gone' }, response: new Response(null, { status: 201 }) };
  const post = vi.spyOn(client, 'POST').mockResolvedValue(answer);
  const { onChange } = await renderKey({ $secret: 'gone' });
  await choose('新しいシークレット');
  const dialog = within(await screen.findByRole('dialog'));
  expect(dialog.getByRole<HTMLInputElement>('textbox', { name: '名前' }).value).toBe('gone');
  fireEvent.change(dialog.getByLabelText('値'), { target: { value: 'sk-1' } });
  fireEvent.click(dialog.getByRole('button', { name: '保存' }));
  await waitFor(() => expect(onChange).toHaveBeenLastCalledWith({ key: { $secret: 'gone' } }));
  expect(post.mock.lastCall).toMatchObject(['/api/secrets', { body: { name: 'gone', value: 'sk-1' } }]);
});
