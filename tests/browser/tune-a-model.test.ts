import { smolLm2 } from '@kumiki/models';
import type { KumikiProcess } from '@kumiki/testkit/kumiki-process';
import { type KumikiSession, uploadCollection } from '@kumiki/testkit/kumiki-session';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readTaughtQuestions, writeChats } from '../taught-questions.ts';
import { picturePageOnFailure } from './browser.ts';
import {
  type DrawnWire,
  drawWires,
  findInspector,
  findNode,
  findSetting,
  findWires,
  type PlacedNode,
  placeNodes,
} from './editor.ts';
import { expectAccessible } from './expect-accessible.ts';
import { type OpenEditor, openEditor } from './open-editor.ts';
import type { PageWatch } from './watch-page.ts';

const epochs = 3;

const nodes: readonly PlacedNode[] = [
  ['文書を取り込む', '会話', { x: 90, y: 60 }],
  ['教材をつくる', '会話から教材をつくる', { x: 270, y: 60 }],
  ['モデルに教える', 'ファインチューニング', { x: 470, y: 60 }],
  ['モデルを選ぶ', '対話モデル', { x: 270, y: 240 }],
  ['質問を受ける', '入力', { x: 90, y: 400 }],
  ['プロンプトをつくる', 'プロンプト', { x: 270, y: 400 }],
  ['回答をつくる', '生成', { x: 650, y: 400 }],
  ['回答を出す', '出力', { x: 830, y: 400 }],
];

const wires: readonly DrawnWire[] = [
  ['会話', '会話', '会話から教材をつくる', '会話'],
  ['会話から教材をつくる', '教材', 'ファインチューニング', '教材'],
  ['対話モデル', 'モデル', 'ファインチューニング', 'モデル'],
  ['プロンプト', 'ひな形', 'ファインチューニング', 'ひな形'],
  ['入力', '値', 'プロンプト', 'question'],
  ['プロンプト', 'プロンプト', '生成', 'プロンプト'],
  ['ファインチューニング', '調整済みモデル', '生成', 'モデル'],
  ['生成', '回答', '出力', '回答'],
];

/** Where two other programs compute beside it, learning a few steps takes minutes. */
const patience = 900_000;

describe('a model that is tuned by mouse', { timeout: 2 * patience }, () => {
  let kumiki: KumikiProcess;
  let editor: OpenEditor;
  let page: Page;
  let watch: PageWatch;
  let session: KumikiSession;

  beforeAll(async () => {
    editor = await openEditor();
    ({ kumiki, page, watch, session } = editor);
    const taught = (await readTaughtQuestions()).filter(({ kind }) => kind === 'taught');
    await uploadCollection(session, 'チャット', { 'chats.jsonl': writeChats(taught) });
    await page.goto(`${kumiki.address}/flows`);
    await page.getByRole('button', { name: /^空のフロー/ }).click();
    await page.getByText('まだ部品がありません').waitFor();
    await page.getByRole('button', { name: 'パネルを閉じる' }).click();
  });
  afterAll(() => editor?.close());
  beforeEach(() => picturePageOnFailure(page));
  afterEach(() => expect(watch.complaints.splice(0)).toEqual([]));

  const select = (title: string) => findNode(page, title).getByRole('heading').click();

  it('is drawn: conversations, a data set, the fine-tuning, and the tuned model where a base would be', async () => {
    await placeNodes(page, nodes);
    await select('プロンプト');
    await findSetting(page, 'ひな形').fill('{{question}}');
    await findSetting(page, '指示').fill('');
    await drawWires(page, wires);
    await expect.poll(() => findWires(page).count()).toBe(wires.length);
  });

  it('gets its conversations, its base and its settings in the inspector', async () => {
    await select('会話');
    await findSetting(page, 'コレクション').click();
    await page.getByRole('option', { name: /^チャット/ }).click();
    await select('対話モデル');
    await findSetting(page, 'モデル').click();
    await page.getByRole('option', { name: new RegExp(`^${smolLm2.name}`) }).click();
    await select('ファインチューニング');
    await findSetting(page, 'エポック数').fill(`${epochs}`);
    await findSetting(page, '1 ステップの例の数').fill('8');
    await findNode(page, 'ファインチューニング').getByText(`${epochs}`).first().waitFor();
  });

  it('shows its loss as a chart, on the node and in the inspector, while it learns and afterwards', async () => {
    await page.getByRole('button', { name: '構築', exact: true }).click();
    const tune = findNode(page, 'ファインチューニング');
    await tune.getByRole('img', { name: /損失/ }).waitFor({ timeout: patience });
    const chart = findInspector(page).getByRole('img', { name: /損失は .+ から .+ になりました/ });
    await chart.waitFor({ timeout: patience });
    await tune.and(page.getByLabel('ファインチューニング、完了')).waitFor({ timeout: patience });
    expect(await chart.getAttribute('aria-label')).toContain(`${epochs} ステップまで学習しました`);
  });

  it('shows what it learns, row by row, where axe finds nothing serious in either theme', async () => {
    await expectAccessible(page, 'aside');
    await findInspector(page).getByRole('button', { name: 'モデルが読む形で見る' }).click();
    const rows = page.getByRole('dialog');
    await rows.getByText('ながれぼしチケット').first().waitFor();
    await expectAccessible(page, '[role=dialog]');
    await rows.getByRole('switch', { name: '学習に使わない行だけを表示' }).click();
    await rows.getByText('ここまでの 8 行は、すべて学習に使います。').waitFor({ timeout: patience });
    await page.keyboard.press('Escape');
    await select('会話から教材をつくる');
    await findInspector(page).getByRole('button', { name: 'すべての例を見る' }).click();
    await page.getByRole('dialog').getByText('ながれぼしチケット').first().waitFor();
    await expectAccessible(page, '[role=dialog]');
    await page.keyboard.press('Escape');
    await expectAccessible(page, 'aside');
  });

  it('answers, and is listed among the tuned models', async () => {
    await page.getByRole('tab', { name: '質問する' }).click();
    const ask = page.getByRole('region', { name: '質問・タイムライン・問題' });
    await ask.getByRole('textbox').fill('ながれぼしチケットは1枚いくらですか？');
    await page.keyboard.press('Enter');
    await ask.getByRole('article').getByText('完了').waitFor({ timeout: patience });
    await page.goto(`${kumiki.address}/tuned-models`);
    await page.getByText(smolLm2.name).first().waitFor();
    await expectAccessible(page);
    await page
      .getByRole('link', { name: new RegExp(smolLm2.name) })
      .first()
      .click();
    await page.waitForURL(/tuned-models\/[^/]+$/);
    await page.getByText('最大メモリー').first().waitFor();
    await expectAccessible(page);
  });
});
