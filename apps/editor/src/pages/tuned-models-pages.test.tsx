import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { client } from '../api/client.ts';
import { nodeTypesQuery } from '../api/node-types.ts';
import {
  downloadAddress,
  prepareDownload,
  type TunedModel,
  tunedModelQuery,
  tunedModelsQuery,
} from '../api/tuned-models.ts';
import { useNotices } from '../shell/notices.ts';
import { renderPage } from '../testing/render-page.tsx';
import { describeType } from '../testing/test-flow.ts';
import { TunedModelReading } from './tuned-model-page.tsx';
import { TunedModelsPage } from './tuned-models-page.tsx';

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  useNotices.setState({ notice: null });
});

const at = '2025-11-23T09:00:00.000Z';

const settings: NonNullable<TunedModel['card']['settings']> = {
  ...{ rank: 16, alpha: 32, dropout: 0.05, learningRate: 2e-4, warmup: 0.1, epochs: 3, batchSize: 16 },
  ...{ maximumLength: 1_024, evaluationsPerEpoch: 2, patience: 3, seed: 42 },
  schedule: 'cosine',
  precision: 'auto',
  quantisation: 'none',
};

const trained: TunedModel = {
  id: 'one',
  name: null,
  origin: 'trained',
  digest: `sha256:fe12ab77${'0'.repeat(56)}`,
  bytes: 35_200_000,
  base: { host: 'embedded', name: 'qwen2.5-0.5b', digest: 'sha256:ab' },
  card: {
    base: { name: 'qwen2.5-0.5b', digest: `sha256:abababab${'0'.repeat(56)}`, licence: 'Apache-2.0' },
    dataset: { sha256: 'cd'.repeat(32), examples: { train: 1_506, evaluation: 168 } },
    prompt: { system: 'ていねいに答えます。', template: '{{question}}' },
    settings,
    training: {
      steps: 420,
      stopped: 'early',
      evaluationLoss: { before: 3.41, best: 1.17 },
      seconds: 1_302,
      rows: { train: 1_500, evaluation: 168 },
      tokens: { train: 402_110, trained: 91_200 },
      hardware: 'Xeon',
      device: 'cpu',
      precision: 'bfloat16',
      peakMemory: null,
    },
  },
  run: null,
  node: 'tune',
  createdAt: at,
  updatedAt: at,
};

const faster: TunedModel = {
  ...trained,
  id: 'two',
  name: 'サポート窓口',
  card: { ...trained.card, settings: { ...settings, learningRate: 5e-4 } },
};

const uploaded: TunedModel = {
  ...trained,
  id: 'three',
  name: 'external',
  origin: 'uploaded',
  card: { base: trained.card.base, dataset: null, prompt: null, settings: null, training: null },
};

const renderList = (...models: TunedModel[]) =>
  renderPage(TunedModelsPage, (queries) =>
    queries.setQueryData(tunedModelsQuery.queryKey, { pages: [{ items: models, next: null }], pageParams: [null] }),
  );

const lora = {
  ...describeType('finetune/lora', {}),
  settingTexts: {
    learningRate: { title: { en: 'Learning rate', ja: '学習率' } },
    schedule: {
      title: { en: 'Course of the learning rate', ja: '学習率の推移' },
      options: { cosine: { en: 'Cosine', ja: 'コサイン' } },
    },
  },
};

const renderCard = (model: TunedModel, ...others: TunedModel[]) =>
  renderPage(
    () => <TunedModelReading id={model.id} />,
    (queries) => {
      queries.setQueryData(tunedModelQuery(model.id).queryKey, model);
      queries.setQueryData(nodeTypesQuery.queryKey, new Map([[lora.type, lora]]));
      queries.setQueryData(tunedModelsQuery.queryKey, {
        pages: [{ items: [model, ...others], next: null }],
        pageParams: [null],
      });
    },
  );

const valuesOf = (title: string) =>
  within(screen.getByRole('rowheader', { name: title }).closest('tr') ?? document.body)
    .getAllByRole('cell')
    .map(({ textContent }) => textContent);

async function chooseAction(model: string, action: string) {
  fireEvent.click(screen.getByRole('button', { name: `「${model}」の操作` }));
  fireEvent.click(await screen.findByRole('menuitem', { name: action }));
  return within(await screen.findByRole('dialog'));
}

test('the list tells what each model is made of and what it is worth; one without a name by base and digest', async () => {
  await renderList(trained, uploaded);
  const [, first, second] = screen.getAllByRole('row').map(({ textContent }) => textContent);
  expect(first).toContain('qwen2.5-0.5b · fe12ab77名前なし');
  expect(first).toContain('3.41 → 1.17');
  expect(first).toContain('35.2 MB');
  expect(second).toContain('externalアップロード');
  expect(second).toContain('—');
});

test('a list of none says how models come here', async () => {
  await renderList();
  expect(screen.getByText(/「ファインチューニング」を構築すると/)).toBeTruthy();
  expect(screen.getByRole('button', { name: 'アップロード' })).toBeTruthy();
});

test('a model is given a name; why the server refuses one stands at the field', async () => {
  const texts = { en: 'Taken.', ja: '「サポート窓口」という調整済みモデルがすでにあります。' };
  const problem = {
    type: 'about:blank',
    title: 'Taken',
    status: 409,
    detail: 'Taken.',
    code: 'tuned-model-exists',
    texts,
  };
  const patch = vi
    .spyOn(client, 'PATCH')
    .mockResolvedValueOnce({ error: problem, response: Response.json(problem, { status: 409 }) })
    .mockResolvedValueOnce({ data: faster, response: Response.json({}) });
  await renderList(trained);
  const dialog = await chooseAction('qwen2.5-0.5b · fe12ab77', '名前を付ける');
  const field = dialog.getByRole('textbox', { name: '名前' });
  fireEvent.change(field, { target: { value: ' サポート窓口 ' } });
  fireEvent.click(dialog.getByRole('button', { name: '保存' }));
  expect(await dialog.findByText(texts.ja)).toBeTruthy();
  fireEvent.click(dialog.getByRole('button', { name: '保存' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(patch.mock.lastCall).toMatchObject([
    '/api/tuned-models/{id}',
    { params: { path: { id: 'one' } }, body: { name: 'サポート窓口' } },
  ]);
});

test('a model in use is not deleted, and says where it is used', async () => {
  const texts = { en: 'Used by “Help”.', ja: 'この調整済みモデルは次のフローで使われています：「ヘルプ」。' };
  const problem = {
    type: 'about:blank',
    title: 'Used',
    status: 409,
    detail: 'Used.',
    code: 'tuned-model-in-use',
    texts,
  };
  vi.spyOn(client, 'DELETE').mockResolvedValue({
    error: problem,
    response: Response.json(problem, { status: 409 }),
  });
  await renderList(faster);
  const dialog = await chooseAction('サポート窓口', '削除');
  fireEvent.click(dialog.getByRole('button', { name: '削除' }));
  await waitFor(() => expect(useNotices.getState().notice?.text).toEqual(texts));
  expect(screen.getByRole('dialog')).toBeTruthy();
});

test('its card tells data, training, settings by their names, and the prompt that it wants', async () => {
  await renderCard(trained);
  expect(valuesOf('評価損失')).toEqual(['3.41 → 1.17']);
  expect(valuesOf('終わり方')).toEqual(['早期終了']);
  expect(valuesOf('教材')).toEqual(['学習用 1,506 件 · 評価用 168 件']);
  expect(valuesOf('学習率')).toEqual(['2e-4']);
  expect(valuesOf('学習率の推移')).toEqual(['コサイン']);
  expect(screen.queryByRole('rowheader', { name: '最大メモリー' })).toBeNull();
  expect(screen.getByText('ていねいに答えます。')).toBeTruthy();
  expect(screen.getByText('{{question}}')).toBeTruthy();
});

test('of one that was brought along nothing is made up', async () => {
  await renderCard(uploaded);
  expect(screen.getByText('アップロードしたモデルのため、学習の記録はありません。')).toBeTruthy();
  expect(screen.queryByRole('rowheader', { name: '評価損失' })).toBeNull();
  expect(valuesOf('ベースモデル')).toEqual(['qwen2.5-0.5b']);
});

test('two models are compared in one table, where what is not the same is marked', async () => {
  await renderCard(trained, faster, uploaded);
  fireEvent.click(screen.getByRole('combobox', { name: '比べるモデル' }));
  fireEvent.click(await screen.findByRole('option', { name: 'サポート窓口' }));
  expect(valuesOf('学習率')).toEqual(['2e-4', '5e-4']);
  const isMarked = (title: string) =>
    screen.getByRole('rowheader', { name: title }).closest('tr')?.hasAttribute('data-differs');
  expect(isMarked('学習率')).toBe(true);
  expect(isMarked('評価損失')).toBe(false);
});

test('a model is brought along with its name and its base', async () => {
  const { queries } = await renderList();
  queries.setQueryData(['models'], {
    items: [
      {
        ...{ host: 'embedded', name: 'qwen2.5-0.5b', purposes: ['chat'], state: 'ready', digest: null, note: null },
        ...{ bytes: 400, quantisation: null, dimensions: null, licence: null, contextLength: null },
      },
    ],
    unreachable: [],
  });
  fireEvent.click(screen.getByRole('button', { name: 'アップロード' }));
  const dialog = within(await screen.findByRole('dialog'));
  const send = dialog.getByRole<HTMLButtonElement>('button', { name: 'アップロード' });
  const chooser = document.querySelector<HTMLInputElement>('input[type="file"]');
  if (chooser === null) throw new Error('There is no file chooser.');
  fireEvent.change(chooser, { target: { files: [new File(['PK'], 'support-lora.zip')] } });
  expect(dialog.getByRole<HTMLInputElement>('textbox', { name: '名前' }).value).toBe('support-lora');
  expect(send.disabled).toBe(true);
  fireEvent.click(dialog.getByLabelText('ベースモデル'));
  fireEvent.click(await screen.findByRole('option', { name: /qwen2\.5-0\.5b/, hidden: true }));
  expect(send.disabled).toBe(false);
  const open = vi.spyOn(XMLHttpRequest.prototype, 'open');
  vi.spyOn(XMLHttpRequest.prototype, 'send').mockImplementation(() => undefined);
  fireEvent.click(send);
  await waitFor(() => expect(open).toHaveBeenCalled());
  expect(open.mock.lastCall).toEqual(['POST', '/api/tuned-models?name=support-lora&host=embedded&model=qwen2.5-0.5b']);
  expect(dialog.getByRole('status').textContent).toBe('アップロード中 0%');
});

test('a file that cannot be made says why, instead of being downloaded as a page of an error', async () => {
  expect(downloadAddress('a b', 'merged-Q8_0')).toBe('/api/tuned-models/a%20b/file?form=merged&type=Q8_0');
  expect(downloadAddress('a', 'peft')).toBe('/api/tuned-models/a/file?form=peft');
  const problem = { code: 'training-unavailable', detail: 'No.', texts: { en: 'No.', ja: 'できません。' } };
  const refuse = async () => Response.json(problem, { status: 501 });
  await expect(prepareDownload('/x', refuse)).rejects.toMatchObject({ code: 'training-unavailable', status: 501 });
  await expect(prepareDownload('/x', async () => new Response('PK'))).resolves.toBeUndefined();
});
