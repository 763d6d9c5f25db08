import { readFile } from 'node:fs/promises';
import { uploadCollection } from '@kumiki/testkit/kumiki-session';
import {
  type ScriptedModels,
  scriptedChat,
  scriptedEmbedding,
  startScriptedModels,
} from '@kumiki/testkit/scripted-models';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { articles } from '../rag-flow.ts';
import { picturePageOnFailure } from './browser.ts';
import { ragNodes, ragWires } from './draw-rag-flow.ts';
import { type DrawnWire, drawWires, findNode, findSetting, findWires, type PlacedNode, placeNodes } from './editor.ts';
import { expectAccessible } from './expect-accessible.ts';
import { type OpenEditor, openEditor } from './open-editor.ts';

/** An arm beside the drawn one: the model alone. By family, type and place. */
const plainNodes: readonly PlacedNode[] = [
  ['プロンプトをつくる', 'プロンプト', { x: 270, y: 560 }],
  ['回答をつくる', '生成', { x: 630, y: 560 }],
  ['回答を出す', '出力', { x: 810, y: 560 }],
];
const plainWires: readonly DrawnWire[] = [
  ['入力', '値', 'プロンプト', 'question'],
  ['プロンプト', 'プロンプト', '生成', 'プロンプト'],
  ['対話モデル', 'モデル', '生成', 'モデル'],
  ['生成', '回答', '出力', '回答'],
];
const renamed = { プロンプト: '抜粋付き', 生成: '抜粋から生成', 出力: 'RAG' } as const;

const questions = [
  ['年額プランの返金はいつまでですか。', '14日以内です。', 'refund.md'],
  ['返金されるのは全額ですか。', '全額です。', 'refund.md'],
] as const;

describe('an experiment, from the canvas to its report', () => {
  let models: ScriptedModels;
  let editor: OpenEditor;
  let page: Page;

  beforeAll(async () => {
    models = await startScriptedModels();
    editor = await openEditor({ environment: { OLLAMA_HOST: models.address } });
    ({ page } = editor);
    await uploadCollection(editor.session, 'ヘルプ', articles);
  });
  afterAll(async () => {
    await editor?.close();
    await models?.stop();
  });
  beforeEach(() => picturePageOnFailure(page));

  const select = (title: string) => findNode(page, title).getByRole('heading').click();
  const choose = async (setting: string, option: string) => {
    await findSetting(page, setting).click();
    await page.getByRole('option', { name: new RegExp(`^${option}`) }).click();
  };

  it('begins with an empty canvas, on which retrieval and the model alone are drawn', async () => {
    await page.getByRole('button', { name: /^空のフロー/ }).click();
    await page.getByText('まだ部品がありません').waitFor();
    await page.getByRole('button', { name: 'パネルを閉じる' }).click();
    await placeNodes(page, ragNodes);
    await drawWires(page, ragWires);
    for (const [title, other] of Object.entries(renamed)) {
      await select(title);
      await page.getByRole('textbox', { name: '部品の名前' }).fill(other);
      await page.keyboard.press('Enter');
      await findNode(page, other).waitFor();
    }
    await placeNodes(page, plainNodes);
    await select('プロンプト');
    await findSetting(page, 'ひな形').fill('{{question}}');
    await drawWires(page, plainWires);
    await expect.poll(() => findWires(page).count()).toBe(ragWires.length + plainWires.length);
  });

  it('is told what to load, which models to ask, and what its arms are called, and is built', async () => {
    await select('ファイル');
    await choose('コレクション', 'ヘルプ');
    await select('埋め込みモデル');
    await choose('モデル', scriptedEmbedding);
    await select('対話モデル');
    await choose('モデル', scriptedChat);
    for (const [node, name] of [
      ['出力', 'base'],
      [renamed.出力, 'RAG'],
    ] as const) {
      await select(node);
      await findSetting(page, '案の名前').fill(name);
    }
    await page.getByRole('button', { name: '構築', exact: true }).click();
    await page.getByRole('button', { name: '版 1' }).waitFor({ timeout: 60_000 });
  });

  it('offers the arms of the flow that is open, and takes questions as they are typed', async () => {
    await page.getByRole('link', { name: '実験', exact: true }).click();
    await page.getByRole('checkbox', { name: 'base' }).check();
    await page.getByRole('checkbox', { name: 'RAG' }).check();
    await page.getByRole('button', { name: '質問を読み込む' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('表に入力').click();
    for (const [place, [question, reference, document]] of questions.entries()) {
      const cell = (column: string) =>
        dialog.getByRole('textbox', { name: `${place + 1} 行目の${column}`, exact: true });
      await cell('質問').fill(question);
      await cell('模範解答').fill(reference);
      await cell('答えのある文書').fill(document);
    }
    await dialog.getByRole('textbox', { name: '名前' }).fill('返金の質問');
    await dialog.getByRole('button', { name: '読み込む' }).click();
    await page.getByText('2 問 · 1 まとまり').waitFor();
    await page.getByText('全部で 4 回答').waitFor();
    await expectAccessible(page);
  });

  it('measures, and shows both arms in one table with how little two questions can tell', async () => {
    await page.getByRole('button', { name: '実験を始める' }).click();
    await page.getByText('判断レポート').waitFor({ timeout: 120_000 });
    const table = page.getByRole('region', { name: '5 つの観点で比べる' });
    for (const arm of ['base', 'RAG']) await table.getByRole('columnheader', { name: arm }).waitFor();
    await page.getByText('区間なし（まとまり 1', { exact: false }).first().waitFor();
    expect(await page.getByText('推奨', { exact: true }).count()).toBe(0);
    await expectAccessible(page);
  });

  it('hands out the report as a file that stands by itself', async () => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'HTML', exact: true }).click(),
    ]);
    const text = await readFile(await download.path(), 'utf8');
    expect(text).toContain('判断レポート');
    expect(text).toContain(scriptedChat);
    expect(text).not.toMatch(/(src|href)="[^#]/);
  });

  it('lets people judge by keys, without saying which arm answered', async () => {
    await page.getByRole('link', { name: '見比べて採点' }).click();
    // The report tells the same of its labels.
    await page.getByText('判断レポート').waitFor({ state: 'detached' });
    await page.getByText('0 / 2 組').waitFor();
    expect(await page.getByRole('main').innerText()).not.toContain('RAG');
    await page.keyboard.press('ArrowLeft');
    await page.getByText('1 / 2 組').waitFor();
    await expectAccessible(page);
    await page.keyboard.press('ArrowDown');
    await page.getByText('すべて採点しました').waitFor();
    await page.getByRole('main').getByRole('link', { name: 'レポートへ戻る' }).first().click();
    await page.getByText('2 / 2 組').waitFor();
  });
});
