/**
 * Makes the README's pictures of the editor from a real run: the support example is built and asked with the embedded
 * models, and shown in both languages and themes. `--to <folder>` puts them elsewhere, `--size 1280x800` makes them smaller.
 */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseFlow } from '@kumiki/flow';
import { qwen25Coder } from '@kumiki/models';
import { askFlow, buildFlow, createFlow, uploadCollection } from '@kumiki/testkit/kumiki-session';
import type { Page } from 'playwright-core';
import { findNode } from './editor.ts';
import { openEditor } from './open-editor.ts';

const example = fileURLToPath(new URL('../../examples/support-rag/', import.meta.url));
const { values } = parseArgs({
  options: {
    to: { type: 'string', default: fileURLToPath(new URL('../../docs/images/', import.meta.url)) },
    size: { type: 'string', default: '1440x900' },
  },
});
const [width = 1440, height = 900] = values.size.split('x').map(Number);
const collection = 'ヘルプ記事';
const question = 'コンビニ払いの支払い番号は何日間有効ですか。';
const { kumiki, page, watch, session, close } = await openEditor({ viewport: { width, height } });
try {
  const flow = await buildExample();
  await page.goto(`${kumiki.address}/flows/${flow}`);
  await ask(page);
  await takePicture(page, 'ja-light');
  await page.getByRole('button', { name: '暗い配色にする' }).click();
  await takePicture(page, 'ja-dark');
  await page.getByRole('button', { name: 'English' }).click();
  await takePicture(page, 'en-dark');
  await page.getByRole('button', { name: 'Use the light theme' }).click();
  await takePicture(page, 'en-light');
  if (watch.complaints.length > 0) throw new Error(watch.complaints.join('\n'));
} finally {
  await close();
}

async function buildExample(): Promise<string> {
  const folder = path.join(example, 'documents');
  const files = await Promise.all(
    (await readdir(folder)).map(async (name) => [name, await readFile(path.join(folder, name))] as const),
  );
  await uploadCollection(session, collection, Object.fromEntries(files));
  const { document } = parseFlow(await readFile(path.join(example, 'flow.json'), 'utf8'));
  if (document === null) throw new Error('The example is no flow.');
  const { load, chat } = document.nodes;
  if (load === undefined || chat === undefined) throw new Error('The example has no loader or no chat model.');
  const nodes = {
    ...document.nodes,
    load: { ...load, settings: { collection } },
    chat: { ...chat, settings: { model: qwen25Coder.name } },
  };
  const { id } = await createFlow(session, { ...document, nodes });
  const { end } = await buildFlow(session, id);
  if (end.state !== 'succeeded') throw new Error(`The example was not built: ${JSON.stringify(end)}`);
  // Asked once of a copy, so that the pictures do not show how long the chat model took to load.
  const copy = await createFlow(session, { ...document, nodes });
  await buildFlow(session, copy.id);
  await askFlow(session, copy.id, { inputs: { question } });
  return id;
}

/** Asks, waits for the answer with its citations, and selects the search, whose results are then in the inspector. */
async function ask(page: Page): Promise<void> {
  await findNode(page, 'ハイブリッド検索').waitFor();
  await page.getByRole('textbox', { name: '質問', exact: true }).fill(question);
  await page.keyboard.press('Enter');
  const panel = page.getByRole('tabpanel', { name: '質問する' });
  await panel.getByRole('article').getByText('完了').waitFor({ timeout: 180_000 });
  await page.getByRole('complementary', { name: '引用' }).getByRole('button').first().waitFor();
  await page.getByRole('button', { name: '全体を表示' }).click();
  await findNode(page, 'ハイブリッド検索').getByRole('heading').click();
}

/** With the pointer away from anything that shows itself differently under it. */
async function takePicture(page: Page, name: string): Promise<void> {
  await page.mouse.move(width * 0.62, 22);
  await page.screenshot({ path: path.join(values.to, `editor-${name}.png`) });
}
