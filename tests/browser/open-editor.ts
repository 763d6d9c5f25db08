import { makeDataFolder } from '@kumiki/testkit/data-folder';
import { type KumikiProcess, startKumiki } from '@kumiki/testkit/kumiki-process';
import type { KumikiSession } from '@kumiki/testkit/kumiki-session';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { z } from 'zod';
import { launchBrowser, openPage, type WatchedPage } from './browser.ts';
import type { PageWatch } from './watch-page.ts';

export type OpenEditor = {
  readonly kumiki: KumikiProcess;
  /** Signed in, at the list of flows. */
  readonly page: Page;
  readonly watch: PageWatch;
  /** Prepares things over HTTP. */
  readonly session: KumikiSession;
  /** Another window of the same browser, of somebody who has not signed in. */
  readonly openWindow: (options?: BrowserContextOptions) => Promise<WatchedPage>;
  readonly close: () => Promise<void>;
};

/** A server of its own on a fresh data folder, and a browser that has signed in to it. */
export async function openEditor({
  environment = {},
  ...contextOptions
}: BrowserContextOptions & { readonly environment?: Readonly<Record<string, string>> } = {}): Promise<OpenEditor> {
  await using opened = new AsyncDisposableStack();
  const { folder, remove } = await makeDataFolder();
  opened.defer(remove);
  const kumiki = await startKumiki({ dataFolder: folder, environment });
  opened.defer(async () => void (await kumiki.stop()));
  const browser = await launchBrowser();
  opened.defer(() => browser.close());
  const { page, watch } = await openPage(browser, kumiki.address, contextOptions);
  await page.goto(kumiki.signInLink);
  await page.getByRole('heading', { name: 'フロー', exact: true }).waitFor();
  const session = await openSessionOf(page, kumiki);
  const kept = opened.move();
  return {
    kumiki,
    page,
    watch,
    session,
    openWindow: (options) => openPage(browser, kumiki.address, options),
    close: () => kept.disposeAsync(),
  };
}

const keySchema = z.object({ key: z.string() });

/** By a key of its own, since the link works only once. */
async function openSessionOf(page: Page, kumiki: KumikiProcess): Promise<KumikiSession> {
  const answer = await page.request.post(`${kumiki.address}/api/keys`, {
    headers: { origin: kumiki.address },
    data: { name: 'preparation', scopes: ['api'], endpoints: null },
  });
  return kumiki.useKey(keySchema.parse(await answer.json()).key);
}
