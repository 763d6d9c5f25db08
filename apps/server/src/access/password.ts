import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { KumikiError } from '@kumiki/node-sdk';

const derive = promisify<string, Buffer, number, Buffer>(scrypt);
const attemptsAMinute = 10;

/** Checks the password of the environment: slowly, evenly, and not more than ten times a minute. */
export class PasswordCheck {
  readonly #password: string;
  readonly #salt = randomBytes(16);
  readonly #now: () => number;
  #wanted: Promise<Buffer> | null = null;
  #attempts: number[] = [];

  constructor(password: string, now: () => number = Date.now) {
    this.#password = password;
    this.#now = now;
  }

  /** Throws `too-many-attempts` (429). */
  async accepts(candidate: string): Promise<boolean> {
    const now = this.#now();
    this.#attempts = this.#attempts.filter((attempt) => attempt > now - 60_000);
    if (this.#attempts.length >= attemptsAMinute) throw tooManyAttempts();
    this.#attempts.push(now);
    this.#wanted ??= derive(this.#password, this.#salt, 32);
    const [wanted, given] = await Promise.all([this.#wanted, derive(candidate, this.#salt, 32)]);
    return timingSafeEqual(wanted, given);
  }
}

function tooManyAttempts(): KumikiError {
  return new KumikiError({
    code: 'too-many-attempts',
    status: 429,
    retryable: true,
    message: {
      en: 'Too many passwords were tried. Wait a minute, then try again.',
      ja: 'パスワードの試行回数が多すぎます。1 分ほど待ってから、もう一度お試しください。',
    },
  });
}
