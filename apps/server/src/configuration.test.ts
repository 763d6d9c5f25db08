import { KumikiError } from '@kumiki/node-sdk';
import { describe, expect, it } from 'vitest';
import { readConfiguration } from './configuration.ts';

const places = { currentFolder: '/srv/somebody', defaultDataFolder: '/clone/.kumiki' };
const read = (environment: Record<string, string>) => readConfiguration(environment, places);

function codeOf(environment: Record<string, string>): string {
  try {
    read(environment);
    return 'accepted';
  } catch (error) {
    return error instanceof KumikiError ? error.code : 'thrown';
  }
}

describe('the environment', () => {
  it('may be empty: loopback, the usual port, the folder of the clone', () => {
    expect(read({})).toMatchObject({
      host: '127.0.0.1',
      port: 4646,
      dataFolder: '/clone/.kumiki',
      databaseUrl: null,
      password: null,
      folders: [],
      egress: [],
      retentionDays: 90,
      graceHours: 24,
      ollamaAddress: 'http://127.0.0.1:11434',
      answerSeconds: 600,
    });
  });

  it('takes relative paths from where the person stands, and empty values as unset', () => {
    const configuration = read({ KUMIKI_DATA: 'data', KUMIKI_FOLDERS: 'docs:/srv/manuals', KUMIKI_PASSWORD: '' });
    expect(configuration.dataFolder).toBe('/srv/somebody/data');
    expect(configuration.folders).toEqual(['/srv/somebody/docs', '/srv/manuals']);
    expect(configuration.password).toBeNull();
  });

  it('knows the machine by the kernel that runs, unless the operator names it', () => {
    expect(read({}).machine).toBe(read({ KUMIKI_MACHINE: '' }).machine);
    expect(read({}).machine).not.toBe('');
    expect(read({ KUMIKI_MACHINE: 'gpu-server-1' }).machine).toBe('gpu-server-1');
  });

  it.each([
    ['localhost', 'http://localhost:11434'],
    ['0.0.0.0:9999', 'http://127.0.0.1:9999'],
    ['https://ollama.example.org', 'https://ollama.example.org'],
  ])('reads %s as Ollama does', (value, address) => {
    expect(read({ OLLAMA_HOST: value }).ollamaAddress).toBe(address);
  });

  it.each([
    { KUMIKI_PORT: 'many' },
    { KUMIKI_MACHINE: 'the big one' },
    { KUMIKI_PORT: '70000' },
    { KUMIKI_ANSWER_SECONDS: '0' },
    { DATABASE_URL: 'mysql://localhost/x' },
    { KUMIKI_SECRET_KEY: 'short' },
    { KUMIKI_PASSWORD: 'short' },
    { KUMIKI_EGRESS: 'wiki.internal, http://10.0.0.1' },
    { KUMIKI_EGRESS: '10.0.0.0/33' },
    { KUMIKI_RETENTION_DAYS: '0' },
    { KUMIKI_GRACE_HOURS: 'a day' },
  ])('is refused by name where a value cannot be used: %o', (environment) => {
    expect(codeOf(environment)).toBe('invalid-environment');
  });
});

describe('listening beyond loopback', () => {
  const open = { KUMIKI_HOST: '0.0.0.0' };
  const address = { KUMIKI_PUBLIC_URL: 'https://kumiki.example.org' };
  const password = { KUMIKI_PASSWORD: 'a long password' };

  it('needs a public https address and a password', () => {
    expect(codeOf(open)).toBe('unsafe-address');
    expect(codeOf({ ...open, ...address })).toBe('unsafe-address');
    expect(codeOf({ ...open, ...password })).toBe('unsafe-address');
    expect(codeOf({ ...open, ...password, KUMIKI_PUBLIC_URL: 'http://kumiki.example.org' })).toBe('unsafe-address');
    expect(codeOf({ ...open, ...address, ...password })).toBe('accepted');
  });

  it('is not what an IPv6 loopback or localhost is', () => {
    for (const host of ['::1', 'localhost', '127.0.0.2']) expect(codeOf({ KUMIKI_HOST: host })).toBe('accepted');
  });
});
