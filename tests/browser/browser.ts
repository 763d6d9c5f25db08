import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { onTestFailed } from 'vitest';
import { type PageWatch, watchPage } from './watch-page.ts';

export type WatchedPage = { readonly page: Page; readonly watch: PageWatch };

const programs = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A real Chromium that calls nobody by itself. Throws where none is installed; `npm test` installs it. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = programs.find((program) => existsSync(program));
  if (executablePath === undefined) throw new Error('No Chromium is installed: apt-get install chromium');
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A window of somebody new: no cookies, nothing in the local storage. Japanese and light unless said otherwise. */
export async function openPage(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({
    locale: 'ja-JP',
    colorScheme: 'light',
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  return { page, watch: watchPage(page, address) };
}

/** Keeps a picture of the page where the running test fails, and says where it is. */
export function picturePageOnFailure(page: Page): void {
  onTestFailed(async ({ task }) => {
    const folder = path.join(tmpdir(), 'kumiki-browser-tests');
    await mkdir(folder, { recursive: true });
    const file = path.join(folder, `${task.name.replaceAll(/[^\p{Letter}\p{Number}]+/gu, '-').slice(0, 80)}.png`);
    await page.screenshot({ path: file });
    console.error(`The page when it failed: ${file}`);
  });
}
