import { buildFlowDocument } from '@kumiki/testkit';
import type { KumikiProcess } from '@kumiki/testkit/kumiki-process';
import { buildFlow, createFlow, type KumikiSession, uploadCollection } from '@kumiki/testkit/kumiki-session';
import { type ScriptedModels, startScriptedModels } from '@kumiki/testkit/scripted-models';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { publishChat } from '../conversation-flow.ts';
import { articles, makeRagFlow } from '../rag-flow.ts';
import { picturePageOnFailure } from './browser.ts';
import { findInspector, findNode, findSetting } from './editor.ts';
import { type OpenEditor, openEditor } from './open-editor.ts';
import type { PageWatch } from './watch-page.ts';

describe('the pages beside the editor', () => {
  let kumiki: KumikiProcess;
  let models: ScriptedModels;
  let editor: OpenEditor;
  let page: Page;
  let watch: PageWatch;
  let session: KumikiSession;

  beforeAll(async () => {
    models = await startScriptedModels();
    editor = await openEditor({ environment: { OLLAMA_HOST: models.address }, timezoneId: 'Asia/Tokyo' });
    ({ kumiki, page, watch, session } = editor);
  });
  afterAll(async () => {
    await editor.close();
    await models.stop();
  });
  beforeEach(() => picturePageOnFailure(page));
  afterEach(() => {
    models.answerWith(null);
    expect(watch.complaints.splice(0)).toEqual([]);
  });

  const goTo = (link: string) =>
    page.getByRole('navigation', { name: '主なページ' }).getByRole('link', { name: link, exact: true }).click();
  const dialog = () => page.getByRole('dialog');
  const row = (text: string) => page.getByRole('row').filter({ hasText: text });

  it('builds a flow by the clock: a wrong time is explained, and a right one says when it comes', async () => {
    const document = buildFlowDocument('夜の構築').node('question', 'input', { name: 'question' }).build();
    await createFlow(session, document);
    await page.goto(`${kumiki.address}/flows`);
    await goTo('スケジュール');
    await page.getByRole('button', { name: '新しいスケジュール' }).click();
    const cron = dialog().getByRole('textbox', { name: '時刻（cron 式）' });
    await expect.poll(() => cron.evaluate((field) => field.matches(':focus'))).toBe(true);
    expect(await dialog().getByRole('combobox', { name: 'フロー' }).inputValue()).toBe('夜の構築');
    expect(await dialog().getByRole('combobox', { name: 'タイムゾーン' }).inputValue()).toBe('Asia/Tokyo（この端末）');
    watch.expectStatus(422);
    await page.keyboard.type('毎晩');
    await page.keyboard.press('Enter');
    await dialog().getByText('「毎晩」は予定として読み取れません', { exact: false }).waitFor();
    await dialog().getByRole('button', { name: '毎日 3 時' }).click();
    await dialog().getByRole('button', { name: 'つくる' }).click();
    await dialog().waitFor({ state: 'detached' });
    await row('夜の構築').getByText('まだ実行していません').waitFor();
    await row('夜の構築')
      .getByText(/^\d+\/\d+\(.\) 03:00$/)
      .waitFor();

    await row('夜の構築').getByRole('switch').press('Space');
    await row('夜の構築').getByText('停止中').waitFor();
    await page.getByRole('button', { name: '「夜の構築 0 3 * * *」の操作' }).click();
    await page.getByRole('menuitem', { name: '削除' }).click();
    await dialog().getByRole('button', { name: '削除' }).click();
    await page.getByRole('heading', { name: 'スケジュールはまだありません' }).waitFor();
  });

  it('keeps a secret by its name, which a node then chooses', async () => {
    await goTo('シークレット');
    await page.getByRole('button', { name: '新しいシークレット' }).click();
    await page.keyboard.type('crm-token');
    await page.keyboard.press('Tab');
    await page.keyboard.type('value-that-nobody-sees');
    await page.keyboard.press('Enter');
    await dialog().waitFor({ state: 'detached' });
    await row('crm-token').getByRole('button', { name: '置き換える' }).click();
    expect(await dialog().getByLabel('値', { exact: true }).inputValue()).toBe('');
    await dialog().getByRole('button', { name: 'キャンセル' }).click();
    expect(await page.content()).not.toContain('value-that-nobody-sees');

    const document = buildFlowDocument('呼び出し').node('call', 'logic/http-request', {
      url: 'https://example.com',
      headers: [{ name: 'Authorization', value: 'Bearer' }],
    });
    const { id } = await createFlow(session, document.build());
    await page.goto(`${kumiki.address}/flows/${id}`);
    await findNode(page, 'HTTP リクエスト').getByRole('heading').click();
    await findSetting(page, 'シークレット').click();
    await page.getByRole('option', { name: 'crm-token' }).click();
    await expect.poll(() => findSetting(page, 'シークレット').inputValue()).toBe('crm-token');
    await findInspector(page).getByRole('link', { name: 'シークレットの管理' }).click();
    await row('crm-token').getByRole('button', { name: '削除' }).click();
    await dialog().getByRole('button', { name: '削除' }).click();
    await page.getByRole('heading', { name: 'シークレットはまだありません' }).waitFor();
    await page.goto(`${kumiki.address}/flows/${id}`);
    await findNode(page, 'HTTP リクエスト').getByRole('heading').click();
    await findInspector(page).getByText('シークレット「crm-token」がありません', { exact: false }).waitFor();
  });

  it('shows conversations by their last use, what was said in them and what answered, and deletes them', async () => {
    const say = await publishChat(kumiki, session, { slug: 'help', name: '窓口' });
    await say('a/b 会話', '最初の質問');
    await say('ticket', '別の質問');
    models.answerWith('**太字**の回答');
    await say('a/b 会話', '次の質問', 'customer-17');
    await page.goto(`${kumiki.address}/endpoints`);
    await page.getByRole('link', { name: '会話', exact: true }).click();
    await row('ticket').waitFor();
    const links = page.getByRole('table').getByRole('link');
    expect(await links.allTextContents()).toEqual(['a/b 会話', 'ticket']);

    await links.first().press('Enter');
    await page.getByRole('heading', { name: 'a/b 会話' }).waitFor();
    const turns = page.getByRole('main').getByRole('listitem');
    await expect.poll(() => turns.count()).toBe(2);
    expect(await turns.first().textContent()).toContain('最初の質問');
    const last = turns.last();
    expect(await last.locator('dd').allTextContents()).toEqual(['次の質問', '太字の回答']);
    expect(await last.locator('strong').textContent()).toBe('太字');
    await last.getByText('customer-17').waitFor();
    await last.getByRole('link', { name: '版 1 · 構築 1' }).waitFor();

    await page.getByRole('button', { name: '削除' }).click();
    const confirmation = page.getByRole('dialog', { name: '会話「a/b 会話」を削除しますか？' });
    await confirmation.getByRole('button', { name: '削除' }).click();
    await page.getByRole('heading', { name: '「help」の会話' }).waitFor();
    await expect.poll(() => links.allTextContents()).toEqual(['ticket']);
  });

  it('draws an answer as Markdown while it comes, with its citation where it stands and nothing from outside', async () => {
    await uploadCollection(session, 'ヘルプ', articles);
    const { id } = await createFlow(session, makeRagFlow({ collection: 'ヘルプ', host: 'ollama' }));
    await buildFlow(session, id);
    models.answerWith(
      '## 返金\n\n**「14日以内」**に全額[1]。\n\n- [規約](https://example.com/a)\n- [罠](javascript:alert(1))\n' +
        '- ![図](https://example.com/x.png)<img src="https://example.com/y.png">\n\n```\nまだ続く',
    );
    const pause = models.pauseChats(6);
    await page.goto(`${kumiki.address}/flows/${id}`);
    await page.getByRole('textbox', { name: 'question' }).fill('年額プランの返金はいつまで？');
    await page.keyboard.press('Enter');
    await pause.reached;
    const answer = page.getByRole('article').last();
    await answer.getByRole('heading', { name: '返金' }).waitFor();
    await answer.locator('strong').getByText('「14日以内」').waitFor();
    pause.release();
    await answer.getByText('完了').waitFor();

    expect(await answer.locator('p', { hasText: '14日以内' }).textContent()).toBe('「14日以内」に全額1。');
    await answer.getByRole('button', { name: '引用 1：refund.md を開く' }).click();
    await page.getByRole('dialog').locator('mark').first().waitFor();
    await page.keyboard.press('Escape');
    const link = answer.getByRole('link');
    expect(await link.allTextContents()).toEqual(['規約']);
    expect(await link.getAttribute('rel')).toContain('noopener');
    expect(await answer.locator('img, script').count()).toBe(0);
    expect(await answer.textContent()).toContain('<img src="https://example.com/y.png">');
    expect(await answer.locator('pre').textContent()).toBe('まだ続く');
  });
});
