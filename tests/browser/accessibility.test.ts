import { AxeBuilder } from '@axe-core/playwright';
import { type KumikiProcess, makeTemporaryFolder, startKumiki } from '@kumiki/testkit/kumiki-process';
import { buildFlow, createFlow, uploadCollection } from '@kumiki/testkit/kumiki-session';
import { type ScriptedModels, startScriptedModels } from '@kumiki/testkit/scripted-models';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { articles, makeRagFlow } from '../rag-flow.ts';
import { launchBrowser, openPage } from './browser.ts';
import { findInspector, findNode } from './editor.ts';
import { openSessionOf } from './session-of-page.ts';

describe.each(['light', 'dark'] as const)('axe finds nothing serious in the %s theme', (colorScheme) => {
  let kumiki: KumikiProcess;
  let models: ScriptedModels;
  let browser: Browser;
  let page: Page;
  let flow: string;
  let collection: string;
  const cleanUp: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    models = await startScriptedModels();
    const { folder, remove } = await makeTemporaryFolder();
    kumiki = await startKumiki({ dataFolder: folder, environment: { OLLAMA_HOST: models.address } });
    browser = await launchBrowser();
    cleanUp.push(
      () => browser.close(),
      () => kumiki.stop(),
      models.stop,
      remove,
    );
    ({ page } = await openPage(browser, kumiki.address, { colorScheme }));
    await page.goto(kumiki.signInLink);
    await page.getByRole('heading', { name: 'フロー', exact: true }).waitFor();
    await expectAccessible();
    const session = await openSessionOf(page, kumiki);
    collection = await uploadCollection(session, 'ヘルプ', articles);
    ({ id: flow } = await createFlow(session, makeRagFlow({ collection: 'ヘルプ', host: 'ollama' })));
    expect((await buildFlow(session, flow)).end.state).toBe('succeeded');
  });
  afterAll(async () => {
    for (const step of cleanUp) await step();
  });

  /** Rules of WCAG 2.2 A and AA and best practices; minor and moderate findings are left to the eye. */
  async function expectAccessible(within = 'html'): Promise<void> {
    const { violations } = await new AxeBuilder({ page }).include(within).analyze();
    const serious = violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`));
    expect(serious).toEqual([]);
  }

  it('on the sign-in page', async () => {
    const stranger = await openPage(browser, kumiki.address, { colorScheme });
    const signedIn = page;
    page = stranger.page;
    await page.goto(`${kumiki.address}/sign-in`);
    await page.getByLabel('パスワード').first().waitFor();
    await expectAccessible().finally(() => {
      page = signedIn;
    });
    await stranger.page.context().close();
  });

  it.each([
    ['flows', 'ヘルプデスク'],
    ['collections', 'ヘルプ'],
    ['models', 'multilingual-e5-small'],
    ['endpoints', '公開しているものはまだありません'],
    ['keys', 'preparation'],
  ])('on the page of %s', async (path, text) => {
    await page.goto(`${kumiki.address}/${path}`);
    await page.getByText(text).first().waitFor();
    await expectAccessible();
  });

  it('on a collection and one of its documents', async () => {
    await page.goto(`${kumiki.address}/collections/${collection}`);
    await page.getByText('refund.md').first().waitFor();
    await expectAccessible();
    await page
      .getByRole('button', { name: /refund\.md/ })
      .first()
      .click();
    await page.getByRole('dialog').getByText('全額を返金します').waitFor();
    await expectAccessible('[role=dialog]');
  });

  it('in the editor, with every kind of node open', async () => {
    await page.goto(`${kumiki.address}/flows/${flow}`);
    await findNode(page, '索引').waitFor();
    await expectAccessible();
    for (const node of ['ファイル', '断片に分割', '対話モデル', 'プロンプト', 'ハイブリッド検索', '出力']) {
      await findNode(page, node).getByRole('heading').click();
      await findInspector(page).getByRole('heading', { name: /^設定/ }).waitFor();
      const fold = findInspector(page).getByRole('button', { name: /^詳細な設定/ });
      if ((await fold.count()) > 0 && (await fold.getAttribute('aria-expanded')) === 'false') await fold.click();
      await expectAccessible('aside');
    }
  });

  it('with an answer, its document, the timeline and the problems', async () => {
    await page.getByRole('tab', { name: '質問する' }).click();
    await page.getByRole('textbox', { name: 'question' }).fill('年額プランの返金はいつまで？');
    await page.keyboard.press('Enter');
    const citations = page.getByRole('complementary', { name: '引用' });
    await citations.getByRole('button').first().waitFor();
    await expectAccessible();
    await citations.getByRole('button').first().click();
    await page.getByRole('dialog').locator('mark').first().waitFor();
    await expectAccessible('[role=dialog]');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    for (const tab of [/^タイムライン/, /^問題/]) {
      await page.getByRole('tab', { name: tab }).click();
      await expectAccessible('[role=tabpanel]');
    }
  });

  it('in the dialog that publishes, before and after', async () => {
    await page.getByRole('button', { name: '公開' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'アドレスの名前' }).waitFor();
    await expectAccessible('[role=dialog]');
    await dialog.getByRole('button', { name: '公開する' }).click();
    await dialog.getByRole('button', { name: 'キーをつくる' }).click();
    await dialog.getByLabel('API キー', { exact: true }).locator('pre').waitFor();
    await expectAccessible('[role=dialog]');
  });
});
