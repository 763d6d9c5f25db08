import { KumikiError } from '@kumiki/node-sdk';
import { ExpiringCache } from './expiring-cache.ts';
import { hashToken } from './tokens.ts';

/** Who sent a request. `local` is the command line on the same machine, by the token beside the lock. */
export type Caller =
  | { readonly kind: 'session'; readonly workspace: string }
  | { readonly kind: 'local'; readonly workspace: string }
  | {
      readonly kind: 'key';
      readonly workspace: string;
      readonly id: string;
      readonly scopes: readonly string[];
      /** Slugs that it may call; null: all. */
      readonly endpoints: readonly string[] | null;
    };

/** What rows call it: the id of its key, or of which kind it is. */
export function nameCaller(caller: Caller): string {
  return caller.kind === 'key' ? caller.id : caller.kind;
}

export type CallerLookup = {
  findKey(key: string): Promise<Extract<Caller, { kind: 'key' }> | null>;
  /** By the SHA-256 of its token, hex. */
  findSession(hash: string): Promise<Extract<Caller, { kind: 'session' }> | null>;
};

export const sessionCookie = 'kumiki_session';
const keptMilliseconds = 10_000;
const keptCallers = 1_000;

/** Finds out who calls. Answers are remembered for some seconds: the path of a request may not wait for the database. */
export class Callers {
  readonly #lookup: CallerLookup;
  readonly #local: { readonly hash: string; readonly caller: Caller } | null;
  #known = new ExpiringCache<Caller | 'nobody'>(keptCallers);

  constructor(lookup: CallerLookup, local: { readonly token: string; readonly workspace: string } | null) {
    this.#lookup = lookup;
    this.#local =
      local === null ? null : { hash: hashToken(local.token), caller: { kind: 'local', workspace: local.workspace } };
  }

  /** A key is preferred to a cookie; null is nobody. */
  async identify(headers: Headers): Promise<Caller | null> {
    const key = readBearer(headers.get('authorization'));
    if (key !== null) {
      const hash = hashToken(key);
      if (this.#local?.hash === hash) return this.#local.caller;
      return this.#remember(hash, () => this.#lookup.findKey(key));
    }
    const session = readCookie(headers.get('cookie'), sessionCookie);
    if (session === null) return null;
    const hash = hashToken(session);
    return this.#remember(hash, () => this.#lookup.findSession(hash));
  }

  /** After a key was revoked or a session ended in this process. */
  forget(): void {
    // A new one, since a lookup that began before would write what it found into the old one.
    this.#known = new ExpiringCache(keptCallers);
  }

  async #remember(hash: string, find: () => Promise<Caller | null>): Promise<Caller | null> {
    const cache = this.#known;
    const known = cache.get(hash);
    if (known !== undefined) return known === 'nobody' ? null : known;
    const found = await find();
    cache.set(hash, found ?? 'nobody', keptMilliseconds);
    return found;
  }
}

export function readBearer(authorization: string | null): string | null {
  return /^Bearer +([\w.~+/=-]+)$/i.exec(authorization ?? '')?.[1] ?? null;
}

export function readCookie(cookies: string | null, name: string): string | null {
  for (const part of (cookies ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2);
    if (key === name && value !== undefined && value !== '') return value;
  }
  return null;
}

export function notSignedIn(): KumikiError {
  return new KumikiError({
    code: 'not-signed-in',
    status: 401,
    message: {
      en: 'Nobody is signed in. Open a sign-in link (npx kumiki sign-in prints one), or send an API key as Authorization: Bearer.',
      ja: 'サインインしていません。サインイン用リンク（npx kumiki sign-in で表示できます）を開くか、API キーを Authorization: Bearer で送ってください。',
    },
  });
}

export function notAllowed(message: { readonly en: string; readonly ja: string }): KumikiError {
  return new KumikiError({ code: 'not-allowed', status: 403, message });
}
