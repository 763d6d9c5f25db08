import type { FlowDocument } from '@kumiki/flow';
import { buildFlow, createFlow, type KumikiSession, unwrap } from '@kumiki/testkit/kumiki-session';

export type PublishedFlow = {
  /** Of the endpoint. */
  readonly url: string;
  readonly key: string;
};

/** Builds a flow, publishes one of its outputs under an address, and makes a key that may call it. */
export async function publishFlow(
  session: KumikiSession,
  document: FlowDocument,
  { slug, output }: { readonly slug: string; readonly output: string },
): Promise<PublishedFlow> {
  const { client, address } = session;
  const { id: flow } = await createFlow(session, document);
  const { end, version } = await buildFlow(session, flow);
  if (end.state !== 'succeeded' || end.build === null) throw new Error(`The build ended: ${JSON.stringify(end)}`);
  await unwrap(
    client.POST('/api/endpoints', {
      body: { slug, follow: false, routes: [{ flow, version, build: end.build, output, weight: 1 }] },
    }),
  );
  const { key } = await unwrap(
    client.POST('/api/keys', { body: { name: 'bench', scopes: ['v1'], endpoints: [slug] } }),
  );
  return { url: `${address}/v1/endpoints/${slug}`, key };
}
