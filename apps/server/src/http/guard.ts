import { KumikiError } from '@kumiki/node-sdk';
import type { MiddlewareHandler } from 'hono';
import { isLoopback } from '../configuration.ts';
import type { AppEnvironment } from './environment.ts';

export type AllowedAddresses = { readonly publicUrl: URL | null; readonly editorAddress: URL | null };

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses requests whose Host is neither this machine nor the public address, since a page elsewhere can point its own
 * name at 127.0.0.1 (DNS rebinding). Any loopback port will do: a tunnel may come in by another one.
 */
export function checkHost({ publicUrl, editorAddress }: AllowedAddresses): MiddlewareHandler {
  const known = new Set([publicUrl?.host, editorAddress?.host]);
  return async (context, next) => {
    const host = context.req.header('host') ?? '';
    const name = URL.parse(`http://${host}`)?.hostname ?? '';
    if (!isLoopback(name) && !known.has(host)) {
      throw new KumikiError({
        code: 'wrong-host',
        status: 421,
        message: {
          en: 'This server does not answer under that host name. Use its loopback address, or set KUMIKI_PUBLIC_URL to the address that people use.',
          ja: 'このサーバーは、指定されたホスト名では応答しません。ループバックアドレスを使うか、利用するアドレスを KUMIKI_PUBLIC_URL に設定してください。',
        },
      });
    }
    await next();
  };
}

/**
 * Refuses what another site makes a browser send in its user's name. Requests with a key are exempt: a browser adds no
 * key by itself. SameSite cookies alone would not do, since every port of this machine is the same site.
 */
export function checkOrigin({ publicUrl, editorAddress }: AllowedAddresses): MiddlewareHandler {
  const known = new Set([publicUrl?.origin, editorAddress?.origin]);
  return async (context, next) => {
    const { req } = context;
    if (!safeMethods.has(req.method) && req.header('authorization') === undefined) {
      const origin = req.header('origin');
      const site = req.header('sec-fetch-site');
      const host = req.header('host') ?? '';
      const isOwn = origin === undefined || origin === `http://${host}` || known.has(origin);
      const isForeign = origin === undefined && site !== undefined && site !== 'same-origin' && site !== 'none';
      if (!isOwn || isForeign) {
        throw new KumikiError({
          code: 'wrong-origin',
          status: 403,
          message: {
            en: 'The request came from a page of another site, so it was refused.',
            ja: 'ほかのサイトのページから送られたリクエストのため、拒否しました。',
          },
        });
      }
    }
    await next();
  };
}

const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const securityHeaders: readonly (readonly [string, string])[] = [
  ['content-security-policy', contentSecurityPolicy],
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
  ['referrer-policy', 'no-referrer'],
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-resource-policy', 'same-origin'],
];

/**
 * A connection takes them before there is an answer. Put on the answer itself they make an object of its headers first,
 * which took a third of the time from a model's first word to its caller; only tests ask without a connection.
 */
export function addSecurityHeaders(publicUrl: URL | null): MiddlewareHandler<AppEnvironment> {
  const headers = [
    ...securityHeaders,
    ...(publicUrl?.protocol === 'https:' ? [['strict-transport-security', 'max-age=31536000'] as const] : []),
  ];
  return async (context, next) => {
    const outgoing = context.env?.outgoing;
    for (const [name, value] of headers) outgoing?.setHeader(name, value);
    await next();
    if (outgoing !== undefined) return;
    for (const [name, value] of headers) context.res.headers.set(name, value);
  };
}
