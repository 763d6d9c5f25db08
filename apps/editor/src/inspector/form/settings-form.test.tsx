import type { JsonValue, NodeTypeDescription, Problem } from '@kumiki/flow';
import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { renderEditor } from '../../testing/render-editor.tsx';
import { describeType } from '../../testing/test-flow.ts';
import { useInspectorFocus } from '../inspector-focus.ts';
import { SettingsForm } from './settings-form.tsx';

afterEach(cleanup);

const title = (ja: string) => ({ title: { en: ja, ja } });

const description: NodeTypeDescription = {
  ...describeType('prompt/test', {}),
  settingsSchema: {
    type: 'object',
    properties: {
      limit: { type: 'integer', minimum: 1, maximum: 100, default: 8 },
      weight: { type: 'number', minimum: 0, maximum: 1, default: 0.5 },
      ranking: { type: 'string', enum: ['scores', 'rrf'], default: 'scores' },
      citations: { type: 'boolean', default: true },
      note: { type: 'string', default: '' },
      template: { type: 'string', default: '{{question}}' },
      seed: { type: 'integer', default: -1 },
    },
  },
  settingTexts: {
    limit: { ...title('抜粋の数'), description: { en: 'How many.', ja: '最大数です。' } },
    weight: title('意味の重み'),
    ranking: {
      ...title('順位の付け方'),
      options: { scores: { en: 'Scores', ja: 'スコア' }, rrf: { en: 'Ranks', ja: '順位' } },
    },
    citations: title('出典'),
    note: title('メモ'),
    template: { ...title('ひな形'), widget: 'textarea' },
    seed: { ...title('シード'), advanced: true },
  },
  settingRules: [],
  portRules: [{ rule: 'template-variables', setting: 'template', kinds: ['text'], except: [] }],
};

async function renderForm(settings: Record<string, JsonValue> = {}, problems: readonly Problem[] = []) {
  const onChange = vi.fn();
  const onLeave = vi.fn();
  await renderEditor(
    <SettingsForm
      node="question"
      description={description}
      settings={settings}
      problems={problems}
      onChange={onChange}
      onLeave={onLeave}
    />,
  );
  return { onChange, onLeave };
}

test('each setting has a labelled control; a default is a placeholder, not a value', async () => {
  await renderForm();
  const limit = screen.getByLabelText<HTMLInputElement>('抜粋の数');
  expect(limit.value).toBe('');
  expect(limit.placeholder).toBe('8');
  expect(screen.getByText('1–100')).toBeTruthy();
  expect(screen.getByRole('slider', { name: '意味の重み' }).getAttribute('aria-valuenow')).toBe('0.5');
  expect(screen.getByLabelText<HTMLInputElement>('出典').checked).toBe(true);
});

test('a control tells the setting and its new value', async () => {
  const { onChange, onLeave } = await renderForm();
  fireEvent.change(screen.getByLabelText('抜粋の数'), { target: { value: '12' } });
  expect(onChange).toHaveBeenLastCalledWith({ limit: 12 });
  fireEvent.click(screen.getByLabelText('出典'));
  expect(onChange).toHaveBeenLastCalledWith({ citations: false });
  fireEvent.click(screen.getByRole('radio', { name: '順位' }));
  expect(onChange).toHaveBeenLastCalledWith({ ranking: 'rrf' });
  const note = screen.getByLabelText('メモ');
  fireEvent.change(note, { target: { value: '下書き' } });
  expect(onChange).toHaveBeenLastCalledWith({ note: '下書き' });
  fireEvent.blur(note);
  expect(onLeave).toHaveBeenCalled();
});

test('an emptied number and the way back give the default again', async () => {
  const { onChange } = await renderForm({ limit: 12 });
  fireEvent.change(screen.getByLabelText('抜粋の数'), { target: { value: '' } });
  expect(onChange).toHaveBeenLastCalledWith({ limit: undefined });
  fireEvent.click(screen.getByRole('button', { name: '「抜粋の数」を標準に戻す' }));
  expect(onChange).toHaveBeenLastCalledWith({ limit: undefined });
});

test('the variables of a template are chips, and those of the flow are offered', async () => {
  const { onChange } = await renderForm({ template: '{{passages}}について' });
  expect(screen.getByRole('button', { name: '{{passages}}' })).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: '+ {{question}}' }));
  expect(onChange).toHaveBeenLastCalledWith({ template: expect.stringContaining('{{question}}') });
});

test('rare settings are folded away until they are asked for', async () => {
  await renderForm();
  expect(screen.queryByLabelText('シード')).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: '詳細な設定（1）' }));
  expect(screen.getByLabelText('シード')).toBeTruthy();
});

test('a problem stands at its setting, and unfolds it', async () => {
  const message = { en: 'Too small.', ja: '「シード」は -1 以上にしてください。' };
  await renderForm({ seed: -5 }, [
    { code: 'invalid-settings', severity: 'error', node: 'question', path: '/nodes/question/settings/seed', message },
  ]);
  const alert = screen.getByRole('alert');
  expect(alert.textContent).toBe(message.ja);
  expect(screen.getByLabelText('シード').getAttribute('aria-describedby')).toBe(alert.id);
});

test('a setting that is wanted from elsewhere gets the focus, also out of the fold', async () => {
  useInspectorFocus.getState().focusSetting('question', 'seed');
  await renderForm();
  expect(document.activeElement).toBe(screen.getByLabelText('シード'));
  useInspectorFocus.setState({ wanted: null });
});

test('a description is told with the control', async () => {
  await renderForm();
  const limit = screen.getByLabelText('抜粋の数');
  const help = document.getElementById(limit.getAttribute('aria-describedby') ?? '');
  expect(help?.textContent).toBe('最大数です。');
});
