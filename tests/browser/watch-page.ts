import type { Page } from 'playwright-core';

/** What a page does that it never should: errors in the console, breaches of its policy, calls to other hosts. */
export type PageWatch = {
  readonly complaints: string[];
  /** Answers of this status are expected from now on; browsers write them into the console as errors. */
  expectStatus(status: number): void;
};

/** `address` is the only place that the page may call. */
export function watchPage(page: Page, address: string): PageWatch {
  const complaints: string[] = [];
  const expected = new Set<number>();
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    const text = message.text();
    const status = /the server responded with a status of (\d+)/.exec(text)?.[1];
    if (status !== undefined && expected.has(Number(status))) return;
    if (message.type() === 'error' || text.includes('Content Security Policy')) {
      complaints.push(`console: ${text} (${message.location().url})`);
    }
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    const isOwn = url.origin === address || url.protocol === 'data:' || url.origin === 'null';
    if (!isOwn && !url.href.startsWith(`blob:${address}`)) complaints.push(`calls ${url.href}`);
  });
  page.on('websocket', (socket) => complaints.push(`opens ${socket.url()}`));
  return { complaints, expectStatus: (status) => void expected.add(status) };
}
