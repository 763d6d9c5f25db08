import { createAdaptorServer } from '@hono/node-server';
import { KumikiError } from '@kumiki/node-sdk';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { limitBody } from './limit-body.ts';

const megabyte = 1024 * 1024;
const app = new Hono();
app.use(limitBody());
app.onError((error, context) => context.text(error instanceof KumikiError ? error.code : 'internal', 413));
app.post('/api/flows', async (context) => context.text(`${(await context.req.text()).length}`));
const server = createAdaptorServer({ fetch: app.fetch });
let address: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const listens = server.address();
  address = `http://127.0.0.1:${typeof listens === 'object' && listens !== null ? listens.port : 0}/api/flows`;
});
afterAll(() => server.close());

/** With its length said beforehand, or in chunks. */
async function send(bytes: number, way: 'length' | 'chunks'): Promise<string> {
  const text = 'a'.repeat(bytes);
  const body = way === 'length' ? text : new Blob([text]).stream();
  const answer = await fetch(address, { method: 'POST', body, duplex: 'half' } as RequestInit);
  return answer.text();
}

describe.each(['length', 'chunks'] as const)('a body with %s', (way) => {
  it('passes whole up to 8 MB', async () => {
    expect(await send(8 * megabyte, way)).toBe(String(8 * megabyte));
    expect(await send(0, way)).toBe('0');
  });

  it('is refused beyond', async () => {
    expect(await send(8 * megabyte + 1, way)).toBe('body-too-large');
  });
});
