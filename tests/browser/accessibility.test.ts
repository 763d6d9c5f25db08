import type { KumikiProcess } from '@kumiki/testkit/kumiki-process';
import { buildFlow, createFlow, unwrap, uploadCollection } from '@kumiki/testkit/kumiki-session';
import { type ScriptedModels, startScriptedModels } from '@kumiki/testkit/scripted-models';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publishChat } from '../conversation-flow.ts';
import { articles, makeRagFlow } from '../rag-flow.ts';
import { findInspector, findNode } from './editor.ts';
import { expectAccessible } from './expect-accessible.ts';
import { type OpenEditor, openEditor } from './open-editor.ts';

const always = { timeZone: 'Asia/Tokyo', version: null, enabled: true };

describe('axe finds nothing serious in either theme', () => {
  let kumiki: KumikiProcess;
  let models: ScriptedModels;
  let editor: OpenEditor;
  let page: Page;
  let flow: string;
  let collection: string;

  beforeAll(async () => {
    models = await startScriptedModels();
    editor = await openEditor({ environment: { OLLAMA_HOST: models.address } });
    ({ kumiki, page } = editor);
    const { session } = editor;
    await expectAccessible(page);
    collection = await uploadCollection(session, 'ヘルプ', articles);
    ({ id: flow } = await createFlow(session, makeRagFlow({ collection: 'ヘルプ', host: 'ollama' })));
    expect((await buildFlow(session, flow)).end.state).toBe('succeeded');
    await unwrap(session.client.POST('/api/schedules', { body: { flow, cron: '0 3 * * *', ...always } }));
    await unwrap(session.client.POST('/api/secrets', { body: { name: 'crm-token', value: 'x' } }));
    const say = await publishChat(kumiki, session, { slug: 'chat', name: '窓口' });
    models.answerWith('## 返金\n\n**14日以内**です。\n\n| a | b |\n|---|---|\n| c | `d` |\n\n> 引用\n\n```\nx\n```');
    await say('ticket-4711', '返金は？', 'customer-17');
    models.answerWith(null);
  });
  afterAll(async () => {
    await editor.close();
    await models.stop();
  });

  it('on the sign-in page', async () => {
    const signedIn = page;
    ({ page } = await editor.openWindow({}));
    const stranger = page;
    await page.goto(`${kumiki.address}/sign-in`);
    await page.getByLabel('パスワード').first().waitFor();
    await expectAccessible(page).finally(() => {
      page = signedIn;
    });
    await stranger.context().close();
  });

  it.each([
    ['flows', 'ヘルプデスク'],
    ['collections', 'ヘルプ'],
    ['models', 'multilingual-e5-small'],
    ['tuned-models', '調整済みモデルはまだありません'],
    ['experiments', '実験はまだありません'],
    ['experiments/new', '比べる案'],
    ['endpoints', '追従'],
    ['endpoints/chat/conversations', 'ticket-4711'],
    ['endpoints/chat/conversations/ticket-4711', '14日以内'],
    ['schedules', '0 3 * * *'],
    ['keys', 'preparation'],
    ['secrets', 'crm-token'],
  ])('on the page of %s', async (path, text) => {
    await page.goto(`${kumiki.address}/${path}`);
    await page.getByText(text).first().waitFor();
    await expectAccessible(page);
  });

  it.each([
    ['schedules', '新しいスケジュール'],
    ['secrets', '新しいシークレット'],
  ])('in the dialog of %s', async (path, button) => {
    await page.goto(`${kumiki.address}/${path}`);
    await page.getByRole('button', { name: button }).click();
    await page.getByRole('dialog').getByRole('textbox').first().waitFor();
    await expectAccessible(page, '[role=dialog]');
  });

  it('on a collection and one of its documents', async () => {
    await page.goto(`${kumiki.address}/collections/${collection}`);
    await page.getByText('refund.md').first().waitFor();
    await expectAccessible(page);
    await page
      .getByRole('button', { name: /refund\.md/ })
      .first()
      .click();
    await page.getByRole('dialog').getByText('全額を返金します').waitFor();
    await expectAccessible(page, '[role=dialog]');
  });

  it('in the editor, with every kind of node open', async () => {
    await page.goto(`${kumiki.address}/flows/${flow}`);
    await findNode(page, '索引').waitFor();
    await expectAccessible(page);
    for (const node of ['ファイル', '断片に分割', '対話モデル', 'プロンプト', 'ハイブリッド検索', '出力']) {
      await findNode(page, node).getByRole('heading').click();
      await findInspector(page).getByRole('heading', { name: /^設定/ }).waitFor();
      const fold = findInspector(page).getByRole('button', { name: /^詳細な設定/ });
      if ((await fold.count()) > 0 && (await fold.getAttribute('aria-expanded')) === 'false') await fold.click();
      await expectAccessible(page, 'aside');
    }
  });

  it('with an answer, its document, the timeline and the problems', async () => {
    await page.getByRole('tab', { name: '質問する' }).click();
    await page.getByRole('textbox', { name: 'question' }).fill('年額プランの返金はいつまで？');
    await page.keyboard.press('Enter');
    const citations = page.getByRole('complementary', { name: '引用' });
    await citations.getByRole('button').first().waitFor();
    await expectAccessible(page);
    await citations.getByRole('button').first().click();
    await page.getByRole('dialog').locator('mark').first().waitFor();
    await expectAccessible(page, '[role=dialog]');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    for (const tab of [/^タイムライン/, /^問題/]) {
      await page.getByRole('tab', { name: tab }).click();
      await expectAccessible(page, '[role=tabpanel]');
    }
  });

  it('in the dialog that publishes, before and after', async () => {
    await page.getByRole('button', { name: '公開' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'アドレスの名前' }).waitFor();
    await expectAccessible(page, '[role=dialog]');
    await dialog.getByRole('button', { name: '公開する' }).click();
    await dialog.getByRole('button', { name: 'キーをつくる' }).click();
    await dialog.getByLabel('API キー', { exact: true }).locator('pre').waitFor();
    await expectAccessible(page, '[role=dialog]');
  });
});
