import { hash, randomBytes } from 'node:crypto';

/** 256 random bits, as text that fits addresses and headers. */
export function createToken(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * SHA-256, hex. Tokens are looked up by it, so that neither a stolen database nor the time of a comparison tells one.
 * A slow hash would add nothing to 256 random bits.
 */
export function hashToken(token: string): string {
  return hash('sha256', token);
}
