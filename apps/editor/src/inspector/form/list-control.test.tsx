import type { JsonValue, NodeTypeDescription } from '@kumiki/flow';
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { renderEditor } from '../../testing/render-editor.tsx';
import { describeType } from '../../testing/test-flow.ts';
import { SettingsForm } from './settings-form.tsx';

afterEach(cleanup);

const title = (ja: string) => ({ title: { en: ja, ja } });

/** As a switch has them: cases with a name, a test, and what is compared. */
const description: NodeTypeDescription = {
  ...describeType('logic/test', {}),
  settingsSchema: {
    type: 'object',
    properties: {
      cases: {
        type: 'array',
        maxItems: 3,
        items: {
          type: 'object',
          properties: {
            name: { type: 'string', minLength: 1 },
            strict: { type: 'boolean', default: false },
            secret: { type: 'object', properties: { $secret: { type: 'string' } } },
          },
          required: ['name'],
        },
      },
    },
  },
  settingTexts: {
    cases: {
      ...title('場合'),
      entries: {
        name: title('名前'),
        strict: { ...title('厳密'), description: { en: 'Case counts too.', ja: '大文字と小文字も区別します。' } },
        secret: { ...title('シークレット'), widget: 'secret' },
      },
    },
  },
};

async function renderCases(cases: JsonValue | undefined) {
  const onChange = vi.fn();
  const onLeave = vi.fn();
  await renderEditor(
    <SettingsForm
      node="question"
      description={description}
      settings={cases === undefined ? {} : { cases }}
      problems={[]}
      onChange={onChange}
      onLeave={onLeave}
    />,
  );
  return { onChange, onLeave };
}

const entry = (number: number) => within(screen.getByRole('group', { name: `場合 ${number}` }));

test('each entry is a group of labelled controls of its own', async () => {
  await renderCases([{ name: '返品' }, { name: '料金', strict: true, secret: { $secret: 'crm' } }]);
  expect(entry(1).getByLabelText<HTMLInputElement>(/名前/).value).toBe('返品');
  expect(entry(1).getByLabelText<HTMLInputElement>('厳密').checked).toBe(false);
  expect(entry(2).getByLabelText<HTMLInputElement>(/名前/).value).toBe('料金');
  expect(entry(2).getByLabelText<HTMLInputElement>('厳密').checked).toBe(true);
  expect(entry(2).getByLabelText<HTMLInputElement>('シークレット').value).toBe('crm');
});

test('a change tells the whole list, and what is emptied leaves its entry', async () => {
  const { onChange, onLeave } = await renderCases([{ name: '返品' }, { name: '料金', secret: { $secret: 'crm' } }]);
  const name = entry(2).getByLabelText(/名前/);
  fireEvent.change(name, { target: { value: '送料' } });
  expect(onChange).toHaveBeenLastCalledWith({
    cases: [{ name: '返品' }, { name: '送料', secret: { $secret: 'crm' } }],
  });
  fireEvent.blur(name);
  expect(onLeave).toHaveBeenCalled();
  fireEvent.click(entry(2).getByLabelText('シークレット'));
  fireEvent.click(await screen.findByRole('option', { name: 'シークレットを使わない', hidden: true }));
  expect(onChange).toHaveBeenLastCalledWith({ cases: [{ name: '返品' }, { name: '料金' }] });
});

test('entries are added at the end, moved up, and removed', async () => {
  const { onChange, onLeave } = await renderCases([{ name: 'a' }, { name: 'b' }]);
  fireEvent.click(screen.getByRole('button', { name: '場合を追加' }));
  expect(onChange).toHaveBeenLastCalledWith({ cases: [{ name: 'a' }, { name: 'b' }, { name: '' }] });
  expect(onLeave).toHaveBeenCalledTimes(2);
  expect(screen.queryByRole('button', { name: '場合 1 を上へ' })).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: '場合 2 を上へ' }));
  expect(onChange).toHaveBeenLastCalledWith({ cases: [{ name: 'b' }, { name: 'a' }] });
  fireEvent.click(screen.getByRole('button', { name: '場合 1 を削除' }));
  expect(onChange).toHaveBeenLastCalledWith({ cases: [{ name: 'b' }] });
});

test('a full list takes no more, and one that is absent or broken can be begun', async () => {
  await renderCases([{ name: 'a' }, { name: 'b' }, { name: 'c' }]);
  expect(screen.getByRole<HTMLButtonElement>('button', { name: '場合を追加' }).disabled).toBe(true);
  for (const broken of [undefined, 'text', [3]]) {
    cleanup();
    const { onChange } = await renderCases(broken);
    fireEvent.click(screen.getByRole('button', { name: '場合を追加' }));
    expect(onChange.mock.lastCall?.[0].cases.at(-1)).toEqual({ name: '' });
  }
});

test('what changes the list takes the focus along, and each control tells its description', async () => {
  await renderCases([{ name: 'a' }, { name: 'b' }]);
  fireEvent.click(screen.getByRole('button', { name: '場合 2 を上へ' }));
  expect(document.activeElement).toBe(entry(1).getByLabelText(/名前/));
  fireEvent.click(screen.getByRole('button', { name: '場合 2 を削除' }));
  expect(document.activeElement).toBe(entry(1).getByLabelText(/名前/));
  expect(entry(1).getByText('必須')).toBeTruthy();
  const strict = entry(1).getByLabelText('厳密');
  const help = document.getElementById(strict.getAttribute('aria-describedby') ?? '');
  expect(help?.textContent).toBe('大文字と小文字も区別します。');
});
