import type { KumikiProcess } from '@kumiki/testkit/kumiki-process';
import { createFlow, type KumikiSession } from '@kumiki/testkit/kumiki-session';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeRagFlow } from '../rag-flow.ts';
import { picturePageOnFailure } from './browser.ts';
import { findInspector, findNode, findSaveStatus, findWires } from './editor.ts';
import { type OpenEditor, openEditor } from './open-editor.ts';
import type { PageWatch } from './watch-page.ts';

describe('the editor', () => {
  let kumiki: KumikiProcess;
  let editor: OpenEditor;
  let page: Page;
  let watch: PageWatch;
  let session: KumikiSession;

  beforeAll(async () => {
    editor = await openEditor();
    ({ kumiki, page, watch, session } = editor);
  });
  afterAll(() => editor.close());
  beforeEach(() => picturePageOnFailure(page));
  afterEach(() => expect(watch.complaints.splice(0)).toEqual([]));

  const openFlows = async () => {
    await page.goto(`${kumiki.address}/flows`);
    await page.getByRole('heading', { name: 'フロー', exact: true }).waitFor();
  };
  /** Opens a flow with the nodes of the RAG flow, which lacks its documents and models. */
  const openRagFlow = async (name: string): Promise<string> => {
    const { id } = await createFlow(session, { ...makeRagFlow({ collection: 'ない' }), name });
    await page.goto(`${kumiki.address}/flows/${id}`);
    await findNode(page, '索引').waitFor();
    return id;
  };
  const openEmptyFlow = async () => {
    const { id } = await createFlow(session, { ...makeRagFlow({ collection: 'ない' }), nodes: {}, edges: [] });
    await page.goto(`${kumiki.address}/flows/${id}`);
    await page.getByText('まだ部品がありません').waitFor();
  };
  const nodes = () => page.getByRole('main').getByRole('article');

  it('says on each empty page what to do next', async () => {
    for (const [path, text] of [
      ['flows', 'フローはまだありません'],
      ['collections', 'コレクションはまだありません'],
      ['endpoints', '公開しているものはまだありません'],
    ]) {
      await page.goto(`${kumiki.address}/${path}`);
      await page.getByRole('heading', { name: text ?? '' }).waitFor();
    }
  });

  it('says why a link does not sign in twice', async () => {
    const stranger = await editor.openWindow();
    stranger.watch.expectStatus(401);
    await stranger.page.goto(kumiki.signInLink);
    await stranger.page.getByText(/使用済みか、期限切れ/).waitFor();
    await stranger.page.goto(`${kumiki.address}/flows`);
    await stranger.page.waitForURL(/\/sign-in/);
    expect(stranger.watch.complaints).toEqual([]);
    await stranger.page.context().close();
  });

  describe('by keys', () => {
    it('finds a node type by words and adds it by Enter', async () => {
      await openEmptyFlow();
      await page.keyboard.press('/');
      await page.keyboard.type('ハイブリッド');
      await page.keyboard.press('Enter');
      await findNode(page, 'ハイブリッド検索').waitFor();
      await page.getByRole('searchbox').press('Escape');
      expect(await page.getByRole('searchbox').inputValue()).toBe('');
    });

    it('duplicates, deletes, and takes back', async () => {
      await nodes().getByRole('heading').click();
      await page.keyboard.press('Control+d');
      await expect.poll(() => nodes().count()).toBe(2);
      await page.keyboard.press('Delete');
      await expect.poll(() => nodes().count()).toBe(1);
      await page.keyboard.press('Control+z');
      await expect.poll(() => nodes().count()).toBe(2);
      await page.keyboard.press('Control+Shift+z');
      await expect.poll(() => nodes().count()).toBe(1);
    });

    it('connects what comes next', async () => {
      await nodes().getByRole('heading').click();
      await page.keyboard.press('n');
      await page.getByRole('dialog', { name: /抜粋/ }).getByRole('combobox').fill('プロンプト');
      await page.keyboard.press('Enter');
      await expect.poll(() => nodes().count()).toBe(2);
      expect(await findWires(page).count()).toBe(1);
    });
  });

  it('sends no question while an input method composes', async () => {
    const id = await openRagFlow('変換');
    const field = page.getByRole('textbox', { name: 'question', exact: true });
    const devtools = await page.context().newCDPSession(page);
    await field.focus();
    const runs: string[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith(`/api/flows/${id}/runs`) && request.method() === 'POST') runs.push(request.url());
    });
    await devtools.send('Input.imeSetComposition', { text: 'へんきん', selectionStart: 4, selectionEnd: 4 });
    await page.keyboard.press('Enter');
    expect(runs).toEqual([]);
    await devtools.send('Input.insertText', { text: '返金はいつまで？' });
    expect((await field.inputValue()).trim()).toMatch(/返金はいつまで？$/);
    watch.expectStatus(404);
    await page.keyboard.press('Enter');
    await expect.poll(() => runs.length).toBe(1);
    expect(await field.inputValue()).toBe('');
    await page.getByRole('region', { name: '質問・タイムライン・問題' }).getByRole('alert').waitFor();
  });

  it('speaks both languages and has both themes, and remembers the choice', async () => {
    await openFlows();
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Flows', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Use the dark theme' }).click();
    await expect.poll(() => page.locator('html').getAttribute('data-theme')).toBe('dark');
    await page.reload();
    await page.getByRole('heading', { name: 'Flows', exact: true }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    await page.getByRole('button', { name: 'Use the light theme' }).click();
    await page.getByRole('button', { name: '日本語' }).click();
    await page.getByRole('heading', { name: 'フロー', exact: true }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('ja');
  });

  it('gives choices where somebody else saved first, and loses nothing', async () => {
    const id = await openRagFlow('二つの画面');
    const name = (where: Page) => where.getByRole('textbox', { name: 'フローの名前' });
    const second = await page.context().newPage();
    await second.goto(`${kumiki.address}/flows/${id}`);
    await findNode(second, '索引').waitFor();

    await name(second).fill('先に保存');
    await name(second).press('Enter');
    await expect.poll(() => findSaveStatus(second).textContent()).toContain('改訂 2 ');
    watch.expectStatus(412);
    await name(page).fill('後から保存');
    await name(page).press('Enter');
    const dialog = page.getByRole('dialog', { name: '別の場所で新しい改訂が保存されました' });
    await dialog.getByRole('button', { name: '新しい改訂を読み込む' }).waitFor();
    await dialog.getByRole('button', { name: 'ここの内容で上書きする' }).waitFor();
    await dialog.getByRole('button', { name: '別のフローとして保存する' }).click();
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => name(page).inputValue()).toBe('後から保存（コピー）');
    expect(page.url()).not.toContain(id);
    await openFlows();
    await page.getByRole('link', { name: '先に保存' }).waitFor();
    await page.getByRole('link', { name: '後から保存（コピー）' }).waitFor();
    await second.close();
  });

  it('says what is wrong with a file that is no flow', async () => {
    await openFlows();
    for (const [file, text] of [
      ['broken.json', '{ "format": "kumiki/flow@1", '],
      ['other.json', '{ "format": "kumiki/flow@1", "name": "x", "nodes": { "a": { "type": 5 } } }'],
    ] as const) {
      await page.getByRole('button', { name: '新しいフロー' }).click();
      const chooser = page.waitForEvent('filechooser');
      await page.getByRole('menuitem', { name: /ファイルから取り込む/ }).click();
      await (await chooser).setFiles({ name: file, mimeType: 'application/json', buffer: Buffer.from(text) });
      const dialog = page.getByRole('dialog', { name: `「${file}」は取り込めません` });
      await dialog.getByRole('listitem').first().waitFor();
      const said = await dialog.getByRole('list').textContent();
      expect(said).toMatch(/[ぁ-ん]/);
      expect(said).not.toMatch(/undefined|expected/);
      await dialog.getByRole('button', { name: '閉じる' }).last().click();
      await dialog.waitFor({ state: 'detached' });
    }
  });

  it('takes in a flow whose node types and wires are not all right, and lists what to repair', async () => {
    const flow = makeRagFlow({ collection: 'ない' });
    const text = JSON.stringify({
      ...flow,
      name: '直すところがあるフロー',
      nodes: { ...flow.nodes, other: { type: 'chunk/unheard-of', version: 1, position: { x: 0, y: 900 } } },
      edges: [...flow.edges, { from: 'load.documents', to: 'output.passages' }],
    });
    await openFlows();
    await page.getByRole('button', { name: '新しいフロー' }).click();
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('menuitem', { name: /ファイルから取り込む/ }).click();
    await (await chooser).setFiles({ name: 'f.json', mimeType: 'application/json', buffer: Buffer.from(text) });
    await findNode(page, 'chunk/unheard-of').waitFor();
    await page.getByRole('tab', { name: /^問題/ }).click();
    const problems = page.getByRole('tabpanel', { name: /^問題/ });
    await problems.getByRole('button', { name: '線を外す' }).first().click();
    await problems.getByRole('button', { name: '部品を削除' }).click();
    await findNode(page, 'chunk/unheard-of').waitFor({ state: 'detached' });
    await problems.getByRole('button', { name: '線を外す' }).waitFor({ state: 'detached' });
  });

  it('leads from a problem to the setting that is at fault', async () => {
    const flow = makeRagFlow({ collection: '' });
    const { id } = await createFlow(session, { ...flow, name: '設定が足りないフロー' });
    await page.goto(`${kumiki.address}/flows/${id}`);
    watch.expectStatus(422);
    await page.getByRole('button', { name: '構築', exact: true }).click();
    const row = page.getByRole('tabpanel', { name: /^問題/ }).getByRole('listitem').filter({ hasText: 'ファイル' });
    await row.getByRole('button', { name: '設定を開く' }).click();
    const field = findInspector(page).getByRole('combobox', { name: /^コレクション/ });
    await expect.poll(() => field.evaluate((element) => element.matches(':focus'))).toBe(true);
  });

  it('shows why a build failed where it was started', async () => {
    const { id } = await createFlow(session, makeRagFlow({ collection: 'ない' }));
    await page.goto(`${kumiki.address}/flows/${id}`);
    await page.getByRole('button', { name: '構築', exact: true }).click();
    const problems = page.getByRole('tabpanel', { name: /^問題/ });
    await problems.getByRole('listitem').filter({ hasText: '前回の構築' }).first().waitFor();
  });

  it('duplicates and deletes flows', async () => {
    await openRagFlow('写すフロー');
    await openFlows();
    await page.getByRole('button', { name: '「写すフロー」の操作' }).click();
    await page.getByRole('menuitem', { name: '複製' }).click();
    await page.getByRole('link', { name: '写すフロー（コピー）' }).waitFor();
    await page.getByRole('button', { name: '「写すフロー」の操作', exact: true }).click();
    await page.getByRole('menuitem', { name: '削除' }).click();
    const dialog = page.getByRole('dialog', { name: '「写すフロー」を削除しますか？' });
    await dialog.getByRole('button', { name: '削除' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('link', { name: '写すフロー', exact: true }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: '写すフロー（コピー）' }).waitFor();
  });

  it('says that there is no such page, flow or collection', async () => {
    await page.goto(`${kumiki.address}/nothing-here`);
    await page.getByText('このページはありません。').waitFor();
    watch.expectStatus(404);
    const unknown = '01900000-0000-7000-8000-000000000000';
    await page.goto(`${kumiki.address}/flows/${unknown}`);
    await page.getByRole('link', { name: 'フロー一覧へ' }).waitFor();
    await page.goto(`${kumiki.address}/collections/${unknown}`);
    await page.getByText('このコレクションはありません。').waitFor();
  });
});
