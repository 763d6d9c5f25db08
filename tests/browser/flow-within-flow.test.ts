import { buildFlowDocument } from '@kumiki/testkit';
import type { KumikiProcess } from '@kumiki/testkit/kumiki-process';
import { buildFlow, createFlow, type KumikiSession } from '@kumiki/testkit/kumiki-session';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { picturePageOnFailure } from './browser.ts';
import { dragFromPalette, findInspector, findNode, findSetting, findWires, openFamily, pullWire } from './editor.ts';
import { type OpenEditor, openEditor } from './open-editor.ts';
import type { PageWatch } from './watch-page.ts';

/** Says the word that it is asked in the tone that it is told. */
const echo = buildFlowDocument('こだま')
  .node('word', 'input', { name: 'word', title: '言葉' })
  .node('tone', 'input', { name: 'tone', title: '口調' })
  .node('first', 'logic/first')
  .node('answer', 'output', { name: 'answer' })
  .node('plain', 'output', { name: 'plain' })
  .wire('word.value', 'first.first')
  .wire('tone.value', 'first.second')
  .wire('first.value', 'answer.value')
  .wire('tone.value', 'plain.value')
  .build();

describe('a flow within a flow, in the editor', () => {
  let kumiki: KumikiProcess;
  let editor: OpenEditor;
  let page: Page;
  let watch: PageWatch;
  let session: KumikiSession;

  beforeAll(async () => {
    editor = await openEditor();
    ({ kumiki, page, watch, session } = editor);
    await buildFlow(session, (await createFlow(session, echo)).id);
  });
  afterAll(() => editor.close());
  beforeEach(() => picturePageOnFailure(page));
  afterEach(() => expect(watch.complaints.splice(0)).toEqual([]));

  const choose = async (setting: string, choice: string) => {
    await findSetting(page, setting).click();
    await page.getByRole('option', { name: choice, exact: true }).click();
  };
  /** A flow with an input of a kind and an output, and a node of a type between them. */
  const openFlow = async (name: string, kind: string, type: string) => {
    const document = buildFlowDocument(name)
      .node('question', 'input', { name: 'question', kind })
      .node('reply', 'output', { name: 'reply' });
    const { id } = await createFlow(session, document.build());
    await page.goto(`${kumiki.address}/flows/${id}`);
    await findNode(page, '入力').waitFor();
    await openFamily(page, '流れを分ける');
    await dragFromPalette(page, type, { x: 260, y: 440 });
    await findNode(page, type).getByRole('heading').click();
    return id;
  };

  it('is chosen from the list, has its ports, is wired, and answers', async () => {
    await openFlow('外側', 'text', 'サブフロー');
    await choose('フロー', 'こだま');
    await expect.poll(() => findSetting(page, '版').inputValue()).toBe('版 1');
    await expect.poll(() => findSetting(page, '出力').inputValue()).toBe('answer');
    await pullWire(page, { node: '入力', port: '値' }, { node: 'サブフロー', port: '言葉' });
    await pullWire(page, { node: '入力', port: '値' }, { node: 'サブフロー', port: '口調' });
    await pullWire(page, { node: 'サブフロー', port: '回答' }, { node: '出力', port: '回答' });
    await expect.poll(() => findWires(page).count()).toBe(3);
    await choose('出力', 'plain');
    await expect.poll(() => findSetting(page, '出力').inputValue()).toBe('plain');

    const ask = page.getByRole('region', { name: '質問・タイムライン・問題' });
    await ask.getByRole('textbox', { name: 'question' }).fill('やっほー');
    await page.keyboard.press('Enter');
    await ask.getByRole('article').getByText('完了').waitFor();
    expect(await ask.getByRole('article').textContent()).toContain('やっほー');
  });

  it('asked for every item, says which input gets the item', async () => {
    await openFlow('一覧', 'json', '要素ごとに実行');
    await choose('フロー', 'こだま');
    await findInspector(page)
      .getByText(/要素を受け取る入力が決まっていません/)
      .first()
      .waitFor();
    await choose('要素を受け取る入力', 'word');
    const node = findNode(page, '要素ごとに実行');
    await expect.poll(() => node.getByLabel(/^口調 ?[（(]/).count()).toBe(1);
    expect(await node.getByLabel(/^言葉 ?[（(]/).count()).toBe(0);
    await pullWire(page, { node: '入力', port: '値' }, { node: '要素ごとに実行', port: '要素のリスト' });
    await pullWire(page, { node: '要素ごとに実行', port: '結果のリスト' }, { node: '出力', port: '回答' });
    await expect.poll(() => findWires(page).count()).toBe(2);
  });
});
