import { readFile } from 'node:fs/promises';
import type { FlowDocument } from '@kumiki/flow';
import { buildFlow, createFlow, uploadCollection } from '@kumiki/testkit/kumiki-session';
import { type ScriptedModels, scriptedChat, startScriptedModels } from '@kumiki/testkit/scripted-models';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { articles, makeRagFlow } from '../rag-flow.ts';
import { picturePageOnFailure } from './browser.ts';
import { expectAccessible } from './expect-accessible.ts';
import { type OpenEditor, openEditor } from './open-editor.ts';

/** The support flow with a second arm, which asks the same model without passages. */
function makeTwoArms(): FlowDocument {
  const rag = makeRagFlow({ collection: 'ヘルプ', host: 'ollama' });
  const place = { version: 1, position: { x: 0, y: 600 } };
  return {
    ...rag,
    nodes: {
      ...rag.nodes,
      plain: { type: 'prompt/template', settings: {}, ...place },
      answerPlain: {
        type: 'generate/llm',
        settings: { temperature: 0, maximumTokens: 48, contextLength: 2048 },
        ...place,
      },
      outputPlain: { type: 'output', settings: { name: 'base' }, ...place },
    },
    edges: [
      ...rag.edges,
      { from: 'question.value', to: 'plain.question' },
      { from: 'plain.prompt', to: 'answerPlain.prompt' },
      { from: 'chat.model', to: 'answerPlain.model' },
      { from: 'answerPlain.answer', to: 'outputPlain.value' },
    ],
  };
}

const questions = [
  ['年額プランの返金はいつまでですか。', '14日以内です。', 'refund.md'],
  ['返金されるのは全額ですか。', '全額です。', 'refund.md'],
] as const;

describe('an experiment, from the canvas to its report', () => {
  let models: ScriptedModels;
  let editor: OpenEditor;
  let page: Page;
  let flow: string;

  beforeAll(async () => {
    models = await startScriptedModels();
    editor = await openEditor({ environment: { OLLAMA_HOST: models.address } });
    ({ page } = editor);
    const { session } = editor;
    await uploadCollection(session, 'ヘルプ', articles);
    ({ id: flow } = await createFlow(session, makeTwoArms()));
    expect((await buildFlow(session, flow)).end.state).toBe('succeeded');
  });
  afterAll(async () => {
    await editor?.close();
    await models?.stop();
  });
  beforeEach(() => picturePageOnFailure(page));

  it('offers the arms of the flow that is open, and takes questions as they are typed', async () => {
    await page.goto(`${editor.kumiki.address}/flows/${flow}`);
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
      page.getByRole('button', { name: 'HTML' }).click(),
    ]);
    const text = await readFile(await download.path(), 'utf8');
    expect(text).toContain('判断レポート');
    expect(text).toContain(scriptedChat);
    expect(text).not.toMatch(/(src|href)="[^#]/);
  });

  it('lets people judge by keys, without saying which arm answered', async () => {
    await page.getByRole('link', { name: '見比べて採点' }).click();
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
