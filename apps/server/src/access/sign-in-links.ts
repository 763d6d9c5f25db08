import { createToken, hashToken } from './tokens.ts';

const lifetimeMilliseconds = 15 * 60_000;

/** One-time sign-in tokens. They live in this process only, as short as they last. */
export class SignInLinks {
  readonly #expiry = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number = performance.now.bind(performance)) {
    this.#now = now;
  }

  /** A link that signs in once, within 15 minutes: the editor's page sends its token and takes it out of the address. */
  create(address: string): string {
    this.#dropExpired();
    const token = createToken();
    this.#expiry.set(hashToken(token), this.#now() + lifetimeMilliseconds);
    return `${address.replace(/\/$/, '')}/sign-in?token=${token}`;
  }

  /** Uses a token up. False where it is unknown, expired or used. */
  redeem(token: string): boolean {
    this.#dropExpired();
    return this.#expiry.delete(hashToken(token));
  }

  #dropExpired(): void {
    for (const [hash, expiry] of this.#expiry) if (expiry <= this.#now()) this.#expiry.delete(hash);
  }
}
