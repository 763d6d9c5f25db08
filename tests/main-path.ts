import {
  askFlow,
  buildFlow,
  createFlow,
  type KumikiSession,
  readAnswer,
  readEvents,
  unwrap,
  uploadCollection,
} from '@kumiki/testkit/kumiki-session';
import { expect } from 'vitest';
import { arm, articles, makeRagFlow } from './rag-flow.ts';

const question = '年額プランは何日以内なら全額返金されますか？';

/** Upload, build, ask and publish with real models: whatever they write has to arrive whole, and cite only what is there. */
export async function walkMainPath(
  session: KumikiSession,
  models: { readonly host: string; readonly embedding: string; readonly chat: string },
): Promise<void> {
  await uploadCollection(session, 'ヘルプ', articles);
  const settings = {
    search: { limit: 2 },
    prompt: { system: '抜粋の言葉を使って、質問に日本語の一文で答えてください。' },
  };
  const { id: flow } = await createFlow(session, makeRagFlow({ collection: 'ヘルプ', ...models, settings }));
  const built = await buildFlow(session, flow);
  expect(built.end).toMatchObject({ state: 'succeeded', build: 1 });
  const { models: resolved } = await unwrap(
    session.client.GET('/api/flows/{id}/builds/{number}', { params: { path: { id: flow, number: 1 } } }),
  );
  expect(resolved).toHaveLength(2);
  for (const { host, digest } of resolved) {
    expect({ host, digest }).toEqual({ host: models.host, digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) });
  }

  const asked = await askFlow(session, flow, { inputs: { question } });
  const { value, citations } = readAnswer(asked, arm);
  expect(value).toContain('14');
  const text = asked.events.flatMap((event) => (event.type === 'text-delta' ? event.text : [])).join('');
  expect(value).toBe(text);
  for (const { documentName, quote } of citations) expect(articles).toHaveProperty([documentName], expectText(quote));
  expect(asked.end.usage?.completionTokens).toBeGreaterThan(0);

  await unwrap(
    session.client.POST('/api/endpoints', {
      body: { slug: 'help', follow: true, routes: [{ flow, version: 1, build: 1, output: arm, weight: 1 }] },
    }),
  );
  const answer = await session.request('/v1/endpoints/help', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ inputs: { question } }),
  });
  const events = await Array.fromAsync(readEvents(answer));
  const deltas = events.flatMap(({ event, data }) => (event === 'delta' ? JSON.parse(data).text : []));
  expect(deltas.length).toBeGreaterThan(1);
  expect(JSON.parse(events.at(-1)?.data ?? '')).toMatchObject({ output: deltas.join(''), arm: { build: 1 } });
}

function expectText(quote: string) {
  return expect.stringContaining(quote.trim());
}
