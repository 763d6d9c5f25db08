import { buildFlow, createFlow, type KumikiSession, unwrap, uploadCollection } from '@kumiki/testkit/kumiki-session';
import { expect } from 'vitest';
import { arm, articles, makeRagFlow } from './rag-flow.ts';

export const question = '年額プランの返金はいつまで受けられますか？';
/** What the scripted models answer to it. */
export const quote = '年額プランは、お申し込みから14日以内であれば全額を返金します。 [1]';

/** Builds the articles with the models that tell digests, and publishes the answers at an endpoint. Gives the flow. */
export async function publishHelp(session: KumikiSession, slug = 'help'): Promise<string> {
  await uploadCollection(session, slug, articles);
  const { id: flow } = await createFlow(session, makeRagFlow({ collection: slug, host: 'ollama' }));
  expect((await buildFlow(session, flow)).end).toMatchObject({ state: 'succeeded', build: 1 });
  const routes = [{ flow, version: 1, build: 1, output: arm, weight: 1 }];
  await unwrap(session.client.POST('/api/endpoints', { body: { slug, follow: true, routes } }));
  return flow;
}

type CallOptions = {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly inputs?: object;
  readonly slug?: string;
};

/** Calls the endpoint that `publishHelp` made. */
export function callHelp(session: KumikiSession, options: CallOptions = {}): Promise<Response> {
  const { headers = {}, signal, inputs = { question }, slug = 'help' } = options;
  return session.request(`/v1/endpoints/${slug}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ inputs }),
    ...(signal !== undefined && { signal }),
  });
}

/** Asks a flow as the editor does. Gives the run. */
export async function startQuestion({ client }: KumikiSession, flow: string): Promise<string> {
  const body = { inputs: { question } };
  return (await unwrap(client.POST('/api/flows/{id}/runs', { params: { path: { id: flow } }, body }))).id;
}

export async function readRun({ client }: KumikiSession, run: string) {
  return unwrap(client.GET('/api/runs/{id}', { params: { path: { id: run } } }));
}
