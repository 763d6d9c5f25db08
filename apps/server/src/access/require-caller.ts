import type { MiddlewareHandler } from 'hono';
import type { AppEnvironment } from '../http/environment.ts';
import { type Caller, type Callers, notAllowed, notSignedIn } from './caller.ts';

/** Lets signed-in people, the machine's own command line, and keys of scope `api` through. */
export function requireApiCaller(callers: Callers): MiddlewareHandler<AppEnvironment> {
  return async (context, next) => {
    const caller = await callers.identify(context.req.raw.headers);
    if (caller === null) throw notSignedIn();
    if (caller.kind === 'key' && !caller.scopes.includes('api')) throw missingScope('api');
    context.set('caller', caller);
    await next();
  };
}

/** Lets keys of scope `v1` through, and the people and programs that may do everything here anyway. */
export function requireEndpointCaller(callers: Callers): MiddlewareHandler<AppEnvironment> {
  return async (context, next) => {
    const caller = await callers.identify(context.req.raw.headers);
    if (caller === null) throw notSignedIn();
    if (caller.kind === 'key' && !caller.scopes.includes('v1')) throw missingScope('v1');
    context.set('caller', caller);
    await next();
  };
}

/** Throws `not-allowed` where a key is limited to other endpoints. */
export function checkMayCall(caller: Caller, slug: string): void {
  if (mayCall(caller, slug)) return;
  throw notAllowed({
    en: `This key may not call the endpoint “${slug}”. Use one that may, or make one under API keys.`,
    ja: `この API キーではエンドポイント「${slug}」を呼び出せません。呼び出せるキーを使うか、「API キー」で新しくつくってください。`,
  });
}

export function mayCall(caller: Caller, slug: string): boolean {
  return caller.kind !== 'key' || caller.endpoints === null || caller.endpoints.includes(slug);
}

function missingScope(scope: 'api' | 'v1') {
  return notAllowed({
    en: `This key lacks the scope “${scope}”. Use a key that has it, or make one under API keys.`,
    ja: `この API キーには「${scope}」の権限がありません。権限のあるキーを使うか、「API キー」で新しくつくってください。`,
  });
}
