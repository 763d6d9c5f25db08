import type { Socket } from 'node:net';
import { KumikiError, type WebAccess, type WebAnswer, type WebRequest } from '@kumiki/node-sdk';
import { Agent, type Dispatcher } from 'undici';
import type { AllowedPlace } from './allowed-places.ts';
import { type ResolveHost, resolveBySystem } from './find-reachable.ts';
import { followRedirect, type Hop, isRedirect, parseWebAddress } from './follow-redirect.ts';
import { createGuardedConnector } from './guarded-connector.ts';
import { openGuardedSocket, type SocketPlace } from './guarded-socket.ts';
import { acceptedEncodings, readBody } from './read-body.ts';
import {
  failTimeout,
  failTooLarge,
  failUnreachable,
  refuseAddress,
  refuseRedirect,
  refuseRequest,
} from './web-errors.ts';

const defaultBytes = 10 * 1_048_576;
const defaultMilliseconds = 30_000;
const longestRedirects = 5;

/** Headers that say how a message travels or to whom: those are the connection's own. */
const ownHeaders =
  /^(?:connection|content-length|expect|host|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/;

/** What the web is reached by for one node: its calls end with the signal. */
export type EgressBinding = {
  readonly signal: AbortSignal;
  /** Throws `secret-unknown`. */
  readonly readSecret: (name: string) => Promise<string>;
};

/** The one way from nodes to the world outside. Holds open connections to the web until it is closed. */
export type Egress = {
  bind(binding: EgressBinding): WebAccess;
  /** A connected socket, for what is no web: it is the caller's. Throws `egress-refused`, and errors of sockets. */
  connect(place: SocketPlace, signal: AbortSignal): Promise<Socket>;
  close(): Promise<void>;
};

export type EgressOptions = {
  /** Places inside the house that the operator allows. */
  readonly allowed: readonly AllowedPlace[];
  readonly resolveHost?: ResolveHost;
};

/** Opens no socket yet. Every connection, also that of a redirect, is judged by the guarded connector. */
export function openEgress({ allowed, resolveHost = resolveBySystem }: EgressOptions): Egress {
  // The deadline is that of the whole request; undici's own would end a slow one earlier.
  const guard = { allowed, resolveHost };
  const agent = new Agent({
    connect: createGuardedConnector(guard),
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    bind: (binding) => ({ fetch: (request) => fetchGuarded(agent, binding, request) }),
    connect: (place, signal) => openGuardedSocket(guard, place, signal),
    close: () => agent.destroy(),
  };
}

async function fetchGuarded(
  dispatcher: Dispatcher,
  { signal, readSecret }: EgressBinding,
  request: WebRequest,
): Promise<WebAnswer> {
  signal.throwIfAborted();
  const { maximumBytes = defaultBytes, timeoutMilliseconds = defaultMilliseconds } = request;
  const url = parseWebAddress(request.url);
  if (url === null) throw refuseAddress();
  const headers = await writeHeaders(request.headers ?? {}, readSecret);
  const deadline = AbortSignal.timeout(timeoutMilliseconds);
  const ends = AbortSignal.any([signal, deadline]);
  let hop: Hop = { url, method: request.method ?? 'GET', headers, body: request.body ?? null };
  try {
    for (let redirects = 0; ; redirects += 1) {
      const answer = await send(dispatcher, hop, ends);
      const location = isRedirect(answer.statusCode) ? answer.headers.location : undefined;
      if (typeof location !== 'string') return await readAnswer(hop, answer, maximumBytes);
      await answer.body.dump();
      if (redirects === longestRedirects) throw refuseRedirect(hop.url.hostname, 'too-many');
      hop = followRedirect(hop, answer.statusCode, location);
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (deadline.aborted) throw failTimeout(hop.url.hostname, timeoutMilliseconds);
    if (error instanceof KumikiError) throw error;
    if (isInvalidRequest(error)) throw refuseRequest(error);
    throw failUnreachable(hop.url.hostname, error);
  }
}

/** undici looks at the signal once it is connected: a name that is looked up for ever would hold the request for ever. */
async function send(
  dispatcher: Dispatcher,
  { url, method, headers, body }: Hop,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  const path = `${url.pathname}${url.search}`;
  try {
    const answer = dispatcher.request({ origin: url.origin, path, method, headers, body, signal });
    return await Promise.race([answer, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function readAnswer(
  { url, method }: Hop,
  { statusCode, headers, body }: Dispatcher.ResponseData,
  maximumBytes: number,
): Promise<WebAnswer> {
  const host = url.hostname;
  const told = Number(headers['content-length']);
  if (method !== 'HEAD' && told > maximumBytes) {
    body.on('error', () => {}).destroy();
    throw failTooLarge(host, maximumBytes);
  }
  const encoding = joinHeader(headers['content-encoding']);
  // An answer to HEAD tells how the body would be packed, and has none.
  const content = await readBody(body, method === 'HEAD' ? undefined : encoding, { host, maximumBytes });
  const joined = Object.entries(headers).flatMap(([name, value]) => {
    const text = joinHeader(value);
    return text === undefined ? [] : [[name, text]];
  });
  return { url: url.href, status: statusCode, headers: Object.fromEntries(joined), body: content };
}

async function writeHeaders(
  headers: NonNullable<WebRequest['headers']>,
  readSecret: EgressBinding['readSecret'],
): Promise<Readonly<Record<string, string>>> {
  const written: Record<string, string> = { 'user-agent': 'Kumiki', accept: '*/*' };
  for (const [name, value] of Object.entries(headers)) {
    const key = name.toLowerCase();
    if (ownHeaders.test(key)) throw refuseRequest();
    written[key] = typeof value === 'string' ? value : [value.prefix, await readSecret(value.$secret)].join(' ').trim();
  }
  return { ...written, 'accept-encoding': acceptedEncodings };
}

function joinHeader(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}

/** undici judges names and values of headers when it writes them. */
function isInvalidRequest(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED';
}
