import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createSecretCipher, openSecretKeyFile, parseSecretKey } from './secret-cipher.ts';

const key = parseSecretKey('0123456789abcdef'.repeat(4));

it('opens what it sealed, and only in its place and unchanged', () => {
  const cipher = createSecretCipher(key);
  const sealed = cipher.seal('秘密', 'here');
  expect(cipher.open(sealed, 'here')).toBe('秘密');
  expect(cipher.seal('秘密', 'here')).not.toEqual(sealed);
  expect(() => cipher.open(sealed, 'there')).toThrow(expect.objectContaining({ code: 'secret-unreadable' }));
  for (const place of sealed.keys()) {
    const changed = Uint8Array.from(sealed, (byte, index) => (index === place ? byte ^ 1 : byte));
    expect(() => cipher.open(changed, 'here')).toThrow(expect.objectContaining({ code: 'secret-unreadable' }));
  }
  const other = createSecretCipher(parseSecretKey('f'.repeat(64)));
  expect(() => other.open(sealed, 'here')).toThrow(expect.objectContaining({ code: 'secret-unreadable' }));
});

it('makes a key file once, for its owner alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kumiki-key-'));
  const path = join(folder, 'new', 'secret.key');
  const first = await openSecretKeyFile(path);
  expect(await openSecretKeyFile(path)).toEqual(first);
  if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
  await rm(folder, { recursive: true });
});

it('makes one whole key where many ask at once, and leaves nothing beside it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kumiki-key-'));
  const keys = await Promise.all(Array.from({ length: 20 }, () => openSecretKeyFile(join(folder, 'secret.key'))));
  expect(new Set(keys.map((one) => Buffer.from(one).toString('hex'))).size).toBe(1);
  expect(await readdir(folder)).toEqual(['secret.key']);
  await rm(folder, { recursive: true });
});

it('refuses a key that is none', () => {
  expect(() => parseSecretKey('short')).toThrow(expect.objectContaining({ code: 'secret-key-invalid' }));
});
