import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KumikiError } from '@kumiki/node-sdk';

const keyBytes = 32;
const format = 1;
const nonceBytes = 12;
const tagBytes = 16;

/** Seals and opens secrets. `place` is bound in: a sealed value that is moved to another row does not open. */
export type SecretCipher = {
  seal(value: string, place: string): Uint8Array;
  /** Throws `secret-unreadable`. */
  open(sealed: Uint8Array, place: string): string;
};

/**
 * AES-256-GCM (NIST SP 800-38D), as format byte, nonce, tag, ciphertext. Nonces are random: good for 2^32 secrets under
 * one key.
 */
export function createSecretCipher(key: Uint8Array): SecretCipher {
  if (key.length !== keyBytes) throw refuseKey();
  return {
    seal(value, place) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place));
      const text = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.from([format]), nonce, cipher.getAuthTag(), text]);
    },
    open(sealed, place) {
      try {
        if (sealed[0] !== format) throw new Error(`unknown format ${sealed[0]}`);
        const nonce = sealed.subarray(1, 1 + nonceBytes);
        const tag = sealed.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes);
        const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place)).setAuthTag(tag);
        const text = decipher.update(sealed.subarray(1 + nonceBytes + tagBytes));
        return Buffer.concat([text, decipher.final()]).toString('utf8');
      } catch (cause) {
        throw refuseUnreadable(cause);
      }
    },
  };
}

/** Reads a key as 64 hexadecimal digits. Throws `secret-key-invalid`. */
export function parseSecretKey(text: string): Uint8Array {
  if (!/^[0-9a-f]{64}$/i.test(text.trim())) throw refuseKey();
  return Buffer.from(text.trim(), 'hex');
}

/** Reads the key from a file that its owner alone may read; makes one where there is none. */
export async function openSecretKeyFile(path: string): Promise<Uint8Array> {
  await mkdir(dirname(path), { recursive: true });
  const present = await readFile(path, 'utf8').catch(() => null);
  if (present !== null) return parseSecretKey(present);
  // Linking comes with the content: whoever is killed meanwhile, or comes at the same time, leaves and finds no half key.
  const draft = `${path}.${randomUUID()}`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(`${randomBytes(keyBytes).toString('hex')}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(draft, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return parseSecretKey(await readFile(path, 'utf8'));
}

function refuseKey(): KumikiError {
  return new KumikiError({
    code: 'secret-key-invalid',
    message: {
      en: 'The key for secrets is not 64 hexadecimal digits. Put back the key that the secrets were saved with, or make a new one with: openssl rand -hex 32',
      ja: 'シークレット用の鍵が 64 桁の 16 進数ではありません。シークレットを保存したときの鍵に戻すか、openssl rand -hex 32 で新しくつくってください。',
    },
  });
}

function refuseUnreadable(cause: unknown): KumikiError {
  return new KumikiError({
    code: 'secret-unreadable',
    message: {
      en: 'A secret cannot be decrypted: it was saved with another key. Put that key back, or enter the secret again.',
      ja: 'シークレットを復号できません。別の鍵で保存されています。元の鍵に戻すか、シークレットを登録し直してください。',
    },
    cause,
  });
}
