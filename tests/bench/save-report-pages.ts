import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { startKumiki } from '@kumiki/testkit/kumiki-process';
import type { Page } from 'playwright-core';
import { launchBrowser, openPage } from '../browser/browser.ts';

type Given = {
  readonly dataFolder: string;
  readonly experiment: string;
  /** Where `<name>.ja.html` and `<name>.en.html` go. */
  readonly folder: string;
  readonly name: string;
};

/** Saves the report of an experiment as a person does, in both languages and without what was asked and answered. */
export async function saveReportPages({ dataFolder, experiment, folder, name }: Given): Promise<void> {
  await mkdir(folder, { recursive: true });
  const kumiki = await startKumiki({ dataFolder });
  const browser = await launchBrowser();
  try {
    const { page, watch } = await openPage(browser, kumiki.address);
    await page.goto(kumiki.signInLink);
    await page.getByRole('heading', { name: 'フロー', exact: true }).waitFor();
    await page.goto(`${kumiki.address}/experiments/${experiment}`);
    await saveBy(page, 'HTML（数値のみ）', path.join(folder, `${name}.ja.html`));
    await page.getByRole('button', { name: 'English' }).click();
    await saveBy(page, 'HTML, figures only', path.join(folder, `${name}.en.html`));
    if (watch.complaints.length > 0) throw new Error(watch.complaints.join('\n'));
  } finally {
    await browser.close();
    await kumiki.stop();
  }
}

async function saveBy(page: Page, button: string, file: string): Promise<void> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: button }).click();
  await (await download).saveAs(file);
}
