import type { JsonValue, NodeTypeDescription } from '@kumiki/flow';
import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { type TunedModel, tunedModelsQuery } from '../../api/tuned-models.ts';
import { renderEditor } from '../../testing/render-editor.tsx';
import { describeType } from '../../testing/test-flow.ts';
import { SettingsForm } from './settings-form.tsx';

afterEach(cleanup);

const description: NodeTypeDescription = {
  ...describeType('model/test', {}),
  settingsSchema: { type: 'object', properties: { tuned: { type: 'string', default: '' } } },
  settingTexts: { tuned: { title: { en: 'Tuned model', ja: '調整済みモデル' }, widget: 'tuned-model' } },
};

const model = (name: string | null): TunedModel => ({
  id: `id of ${name}`,
  name,
  origin: 'trained',
  digest: 'sha256:fe12',
  bytes: 1,
  base: { host: 'embedded', name: 'qwen', digest: null },
  card: {
    base: { name: 'qwen', digest: 'sha256:ab', licence: null },
    dataset: null,
    prompt: null,
    settings: null,
    training: null,
  },
  run: null,
  node: null,
  createdAt: '2025-11-23T09:00:00.000Z',
  updatedAt: '2025-11-23T09:00:00.000Z',
});

async function renderTuned(tuned?: JsonValue) {
  const onChange = vi.fn();
  const { queries } = await renderEditor(
    <SettingsForm
      node="question"
      description={description}
      settings={tuned === undefined ? {} : { tuned }}
      problems={[]}
      onChange={onChange}
      onLeave={() => undefined}
    />,
  );
  const pages = [{ items: [model('サポート窓口'), model(null)], next: null }];
  act(() => void queries.setQueryData(tunedModelsQuery.queryKey, { pages, pageParams: [null] }));
  return { onChange };
}

const field = () => screen.getByLabelText<HTMLInputElement>('調整済みモデル');

async function choose(name: string) {
  fireEvent.click(field());
  fireEvent.click(await screen.findByRole('option', { name, hidden: true }));
}

test('a tuned model is chosen by its name, beside which stands what it was trained over', async () => {
  const { onChange } = await renderTuned();
  expect(field().value).toBe('調整済みモデルを使わない');
  await choose('サポート窓口（qwen）');
  expect(onChange).toHaveBeenLastCalledWith({ tuned: 'サポート窓口' });
});

test('one without a name cannot be chosen', async () => {
  await renderTuned();
  fireEvent.click(field());
  await screen.findByRole('option', { name: /qwen/, hidden: true });
  const options = screen.getAllByRole('option', { hidden: true });
  expect(options.map(({ textContent }) => textContent)).toEqual(['サポート窓口（qwen）', '調整済みモデルを使わない']);
});

test('one that is not there is said to be missing, and can be taken out', async () => {
  const { onChange } = await renderTuned('gone');
  expect(await screen.findByText('調整済みモデル「gone」がありません。別のものを選んでください。')).toBeTruthy();
  await choose('調整済みモデルを使わない');
  expect(onChange).toHaveBeenLastCalledWith({ tuned: undefined });
});
