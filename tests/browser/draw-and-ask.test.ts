import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { qwen25Coder } from '@kumiki/models';
import { cacheFolder } from '@kumiki/testkit/cache-folder';
import { type KumikiProcess, makeTemporaryFolder, startKumiki } from '@kumiki/testkit/kumiki-process';
import { startOllama } from '@kumiki/testkit/model-servers';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser, openPage, picturePageOnFailure } from './browser.ts';
import { ragNodes, ragWires } from './draw-rag-flow.ts';
import {
  drawWires,
  findInspector,
  findNode,
  findSaveStatus,
  findSetting,
  findWires,
  placeNodes,
  pullWire,
} from './editor.ts';
import { recordTexts } from './record-texts.ts';
import type { PageWatch } from './watch-page.ts';

const documents = fileURLToPath(new URL('../../examples/support-rag/documents/', import.meta.url));
/** Text, Markdown, HTML, PDF and Word. */
const files = [
  'backup-automatic.pdf',
  'billing-cancellation.html',
  'billing-invoice-receipt.docx',
  'billing-payment-methods.md',
  'cron-jobs.txt',
  'support-contact-hours.md',
];
const question = 'コンビニ払いの支払い番号は何日間有効ですか。';
const source = 'billing-payment-methods.md';
const quoted = '6日間';

describe('a flow drawn by mouse', () => {
  let kumiki: KumikiProcess;
  let browser: Browser;
  let page: Page;
  let watch: PageWatch;
  const cleanUp: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    const { folder, remove } = await makeTemporaryFolder();
    cleanUp.unshift(remove);
    const file = cacheFolder('models', `${qwen25Coder.name}.gguf`);
    const ollama = await startOllama({ models: [{ name: 'qwen', file, sha256: qwen25Coder.sha256 }] });
    cleanUp.unshift(ollama.stop);
    kumiki = await startKumiki({ dataFolder: folder, environment: { OLLAMA_HOST: ollama.address } });
    cleanUp.unshift(() => kumiki.stop());
    browser = await launchBrowser();
    cleanUp.unshift(() => browser.close());
    ({ page, watch } = await openPage(browser, kumiki.address));
  });
  afterAll(async () => {
    for (const step of cleanUp) await step();
  });
  beforeEach(() => picturePageOnFailure(page));

  const inspector = () => findInspector(page);
  const select = (title: string) => findNode(page, title).getByRole('heading').click();
  const ask = () => page.getByRole('region', { name: '質問・タイムライン・問題' });

  it('lets in whoever opens the link that the server printed', async () => {
    await page.goto(kumiki.signInLink);
    await page.getByRole('heading', { name: 'フロー', exact: true }).waitFor();
    expect(page.url()).toBe(`${kumiki.address}/flows`);
    await page.getByRole('button', { name: /^空のフロー/ }).click();
    await page.getByText('まだ部品がありません').waitFor();
  });

  it('takes nodes out of the palette onto the empty canvas', async () => {
    await page.getByRole('button', { name: 'パネルを閉じる' }).click();
    await placeNodes(page, ragNodes);
    await expect.poll(() => page.getByRole('main').getByRole('article').count()).toBe(ragNodes.length);
  });

  it('refuses a wire that does not fit, and says why', async () => {
    await pullWire(page, { node: 'ファイル', port: '文書' }, { node: 'ハイブリッド検索', port: '索引' });
    const refusal = page.getByRole('main').getByRole('alert');
    await refusal.waitFor();
    expect(await refusal.textContent()).toMatch(/索引.*文書|文書.*索引/);
    expect(await findWires(page).count()).toBe(0);
  });

  it('connects ports by pulling wires', async () => {
    await drawWires(page, ragWires);
    await expect.poll(() => findWires(page).count()).toBe(ragWires.length);
  });

  it('takes steps back and does them again', async () => {
    await page.getByRole('main').click({ position: { x: 10, y: 770 } });
    for (let steps = 0; steps < 3; steps += 1) await page.keyboard.press('Control+z');
    await expect.poll(() => findWires(page).count()).toBe(ragWires.length - 3);
    await page.getByRole('button', { name: 'やり直す' }).click();
    await page.keyboard.press('Control+Shift+z');
    await page.keyboard.press('Control+y');
    await expect.poll(() => findWires(page).count()).toBe(ragWires.length);
    expect(await page.getByRole('button', { name: 'やり直す' }).isDisabled()).toBe(true);
  });

  it('makes a collection of the files that are chosen in the inspector', async () => {
    await select('ファイル');
    const chooser = page.waitForEvent('filechooser');
    await inspector().getByRole('button', { name: 'ファイルを選ぶ' }).click();
    await (await chooser).setFiles(files.map((file) => `${documents}${file}`));
    await inspector().getByText(`${files.length} 件のうち ${files.length} 件をアップロードしました`).waitFor();
    await inspector()
      .getByText(new RegExp(`^${files.length} ファイル`))
      .waitFor();
  });

  const chooseChatModel = async (host: string, model: string) => {
    await select('対話モデル');
    await findSetting(page, 'モデル').click();
    await page
      .getByRole('group', { name: host })
      .getByRole('option', { name: new RegExp(`^${model}`) })
      .click();
    await findNode(page, '対話モデル').getByText(model).waitFor();
  };

  it('offers the models of all hosts, by host', async () => {
    await select('埋め込みモデル');
    await findSetting(page, 'モデル').click();
    await page.getByRole('option', { name: /^multilingual-e5-small/ }).click();
    await chooseChatModel('内蔵', qwen25Coder.name);
  });

  it('keeps other settings that are typed', async () => {
    await select('断片に分割');
    await findSetting(page, '最大トークン数').fill('300');
    await select('生成');
    await findSetting(page, '温度').press('Home');
    await findNode(page, '生成').getByText('0 · 温度').waitFor();
    await select('ハイブリッド検索');
    await findSetting(page, '抜粋の数').fill('3');
    await select('プロンプト');
    await findSetting(page, '指示').fill(
      '抜粋に書かれていることだけをもとに、質問に日本語の一文で答えてください。文の終わりに、根拠にした抜粋の番号を [1] のように付けてください。',
    );
    await page.getByRole('textbox', { name: 'フローの名前' }).fill('料金の質問');
    await page.keyboard.press('Enter');
    await findSaveStatus(page)
      .getByText(/^改訂 \d+/)
      .waitFor();
  });

  it('shows on the nodes what a build does, and how much came out of them', async () => {
    const read = await recordTexts(page.getByRole('main'), 'article');
    await page.getByRole('button', { name: '構築', exact: true }).click();
    await findNode(page, '索引').and(page.getByLabel('索引、完了')).waitFor({ timeout: 60_000 });
    const seen = await read();
    expect(seen.filter((text) => text.startsWith('埋め込み、実行中')).length).toBeGreaterThan(0);
    expect(await findNode(page, 'ファイル').textContent()).toContain(`${files.length} 件`);
    expect(await findNode(page, '断片に分割').textContent()).toMatch(/完了\d+ 件/);
    await page.getByRole('button', { name: '版 1' }).waitFor();
  });

  describe.each([
    { host: '内蔵', model: qwen25Coder.name, version: 1, slug: 'billing' },
    { host: 'Ollama', model: 'qwen:latest', version: 2, slug: 'billing-by-ollama' },
  ])('with a chat model of the host $host', ({ host, model, version, slug }) => {
    it('is built with it, and with the index that there is', async () => {
      await chooseChatModel(host, model);
      await page.getByRole('button', { name: '構築', exact: true }).click();
      await page.getByRole('button', { name: `版 ${version}` }).waitFor();
      await findNode(page, '索引').and(page.getByLabel('索引、再利用')).waitFor();
    });

    it('streams the answer to a question', async () => {
      await page.getByRole('tab', { name: '質問する' }).click();
      await ask().getByRole('textbox', { name: '質問' }).fill(question);
      const read = await recordTexts(ask(), 'article div p');
      const answers = ask().getByRole('article');
      const before = await answers.count();
      await page.keyboard.press('Enter');
      await answers.nth(before).getByText('完了').waitFor({ timeout: 120_000 });
      const texts = await read();
      expect(texts.length).toBeGreaterThan(4);
      expect(texts.some((text, index) => index > 0 && text.startsWith(texts[index - 1] ?? '?'))).toBe(true);
      await findNode(page, '生成').and(page.getByLabel('生成、完了')).waitFor();
    });

    it('opens what the answer cites at its place in the document', async () => {
      const citations = page.getByRole('complementary', { name: '引用' });
      await citations
        .getByRole('button', { name: new RegExp(source) })
        .first()
        .click();
      const drawer = page.getByRole('dialog');
      await drawer.getByText(source).waitFor();
      const marks = drawer.locator('mark');
      await marks.first().waitFor();
      expect((await marks.allTextContents()).join('')).toContain(quoted);
      expect(await isInView(page, marks.first())).toBe(true);
      await page.keyboard.press('Escape');
      await drawer.waitFor({ state: 'detached' });
    });

    it('has everything as it was when the page is loaded again', async () => {
      await expect.poll(() => findSaveStatus(page).textContent()).toContain('保存済み');
      const saved = /改訂 (\d+)/.exec((await findSaveStatus(page).textContent()) ?? '')?.[1];
      await page.reload();
      await expect.poll(() => findWires(page).count()).toBe(ragWires.length);
      expect(await page.getByRole('main').getByRole('article').count()).toBe(ragNodes.length);
      expect(await findSaveStatus(page).textContent()).toContain(`改訂 ${saved} `);
      expect(await page.getByRole('textbox', { name: 'フローの名前' }).inputValue()).toBe('料金の質問');
      await page.getByRole('button', { name: `版 ${version}` }).waitFor();
      await findNode(page, '索引').and(page.getByLabel('索引、再利用')).waitFor();
    });

    it('publishes the arm, and answers calls with the key that it made', async () => {
      await page.getByRole('button', { name: '公開' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('textbox', { name: 'アドレスの名前' }).fill(slug);
      await dialog.getByRole('button', { name: '公開する' }).click();
      await dialog.getByText(`${kumiki.address}/v1/endpoints/${slug}`, { exact: true }).waitFor();
      await dialog.getByRole('button', { name: 'キーをつくる' }).click();
      const key = (await dialog.getByLabel('API キー', { exact: true }).locator('pre').textContent()) ?? '';
      expect(key).toMatch(/^kumiki_/);

      const answer = await fetch(`${kumiki.address}/v1/endpoints/${slug}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ inputs: { question } }),
      });
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({
        output: expect.stringMatching(/./),
        citations: [{ documentName: source }],
        arm: { version, build: expect.any(Number) },
      });

      const command = (await dialog.getByLabel('呼び出し方', { exact: true }).locator('pre').textContent()) ?? '';
      const said = execFileSync('sh', ['-c', `${command} --silent`], { encoding: 'utf8' });
      expect(JSON.parse(said)).toMatchObject({ output: expect.any(String), arm: { version } });
      await dialog.getByRole('button', { name: '閉じる' }).last().click();
    });
  });

  it('does all this without errors, breaches of its policy, or calls to anybody else', () => {
    expect(watch.complaints).toEqual([]);
  });
});

async function isInView(page: Page, element: ReturnType<Page['locator']>): Promise<boolean> {
  const box = await element.boundingBox();
  const height = page.viewportSize()?.height ?? 0;
  return box !== null && box.y >= 0 && box.y < height;
}
