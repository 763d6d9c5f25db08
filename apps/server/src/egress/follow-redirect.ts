import type { WebMethod } from '@kumiki/node-sdk';
import { refuseRedirect } from './web-errors.ts';

/** One request on the wire: headers by lower-case name, secrets put in. */
export type Hop = {
  readonly url: URL;
  readonly method: WebMethod;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
};

/**
 * What may go on to another server. A header of any other name may be a credential, whatever it is called; the
 * idempotency key is none, and has to arrive wherever the action happens.
 */
const harmlessHeaders: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'content-type',
  'idempotency-key',
  'if-modified-since',
  'if-none-match',
  'user-agent',
]);

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export function isRedirect(status: number): boolean {
  return redirects.has(status);
}

/** Only http and https, and nothing in front of the host. Null where it is anything else. */
export function parseWebAddress(address: string, base?: URL): URL | null {
  const url = URL.parse(address, base?.href);
  const isWeb = url !== null && (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== '';
  return isWeb && url.username === '' && url.password === '' ? url : null;
}

/**
 * The request that an answer sends on to, with the methods that browsers use (Fetch standard, HTTP-redirect fetch). To
 * another origin go neither credentials nor a body. Throws `web-redirect-refused`.
 */
export function followRedirect(hop: Hop, status: number, location: string): Hop {
  const { hostname } = hop.url;
  const url = parseWebAddress(location, hop.url);
  if (url === null) throw refuseRedirect(hostname, 'address');
  if (hop.url.protocol === 'https:' && url.protocol === 'http:') throw refuseRedirect(hostname, 'unencrypted');
  const becomesGet =
    (status === 303 && hop.method !== 'HEAD') || ((status === 301 || status === 302) && hop.method === 'POST');
  const method = becomesGet ? 'GET' : hop.method;
  const body = becomesGet ? null : hop.body;
  const isElsewhere = url.origin !== hop.url.origin;
  if (isElsewhere && body !== null) throw refuseRedirect(hostname, 'body');
  const headers = Object.entries(hop.headers).filter(
    ([name]) => (!isElsewhere || harmlessHeaders.has(name)) && !(becomesGet && name === 'content-type'),
  );
  return { url, method, body, headers: Object.fromEntries(headers) };
}
