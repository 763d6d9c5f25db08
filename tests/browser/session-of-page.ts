import type { KumikiProcess } from '@kumiki/testkit/kumiki-process';
import type { KumikiSession } from '@kumiki/testkit/kumiki-session';
import type { Page } from 'playwright-core';
import { z } from 'zod';

const keySchema = z.object({ key: z.string() });

/** Prepares things over HTTP for a page that has signed in: by a key of its own, since the link works only once. */
export async function openSessionOf(page: Page, kumiki: KumikiProcess): Promise<KumikiSession> {
  const answer = await page.request.post(`${kumiki.address}/api/keys`, {
    headers: { origin: kumiki.address },
    data: { name: 'preparation', scopes: ['api'], endpoints: null },
  });
  return kumiki.useKey(keySchema.parse(await answer.json()).key);
}
