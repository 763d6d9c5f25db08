import type { LookupAddress } from 'node:dns';
import { afterAll, describe, expect, it } from 'vitest';
import { openEgress } from './egress.ts';

/** What a name server under somebody else's hand may answer. */
const names: Readonly<Record<string, readonly string[]>> = {
  localhost: ['127.0.0.1', '::1'],
  'localhost.': ['127.0.0.1'],
  'inside.example': ['10.0.0.5'],
  'mapped.example': ['::ffff:169.254.169.254'],
  'translated.example': ['64:ff9b::7f00:1'],
  'compatible.example': ['::7f00:1'],
  'mixed.example': ['93.184.216.34', '127.0.0.1'],
  'metadata.google.internal': ['169.254.169.254'],
  'xn--r8jz45g.example': ['192.168.1.1'],
};

const dialled: string[] = [];
const egress = openEgress({
  allowed: [],
  async resolveHost(hostname): Promise<readonly LookupAddress[]> {
    dialled.push(hostname);
    return (names[hostname] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  },
});
const web = egress.bind({ signal: new AbortController().signal, readSecret: async () => 'secret' });
afterAll(() => egress.close());

const inside = [
  // Plain.
  'http://127.0.0.1/',
  'http://127.8.9.10:8080/',
  'https://127.0.0.1/',
  'http://0.0.0.0/',
  'http://0.1.2.3/',
  'http://10.0.0.1/',
  'http://172.16.0.1/',
  'http://172.31.255.255/',
  'http://192.168.0.1/',
  'http://100.64.0.1/',
  'http://100.127.255.255/',
  'http://169.254.1.1/',
  'http://192.0.0.1/',
  'http://192.0.2.1/',
  'http://198.51.100.1/',
  'http://203.0.113.1/',
  'http://198.18.0.1/',
  'http://192.88.99.1/',
  'http://224.0.0.1/',
  'http://239.255.255.250:1900/',
  'http://240.0.0.1/',
  'http://255.255.255.255/',
  // Of clouds.
  'http://169.254.169.254/latest/meta-data/',
  'http://169.254.170.2/v2/credentials',
  'http://100.100.100.200/latest/meta-data/',
  'http://192.0.0.192/opc/v1/instance/',
  'http://168.63.129.16/machine',
  'http://[fd00:ec2::254]/latest/meta-data/',
  'http://metadata.google.internal/computeMetadata/v1/',
  // In other spellings.
  'http://2130706433/',
  'http://0x7f000001/',
  'http://017700000001/',
  'http://0177.0.0.1/',
  'http://0x7f.0.0.1/',
  'http://127.1/',
  'http://127.0.1/',
  'http://0/',
  'http://127.0.0.1./',
  'http://１２７.０.０.１/',
  'http://①②⑦.⓪.⓪.①/',
  'http://127。0。0。1/',
  'http:127.0.0.1/',
  'http:\\\\127.0.0.1\\',
  'http://%31%32%37.0.0.1/',
  ' http://127.0.0.1/',
  'HTTP://127.0.0.1/',
  'ht\ntp://127.0.0.1/',
  // IPv6.
  'http://[::1]/',
  'http://[0:0:0:0:0:0:0:1]:8080/',
  'http://[::]/',
  'http://[::127.0.0.1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:a00:1]/',
  'http://[::ffff:0:127.0.0.1]/',
  'http://[64:ff9b::10.0.0.1]/',
  'http://[64:ff9b:1::10.0.0.1]/',
  'http://[2002:7f00:1::]/',
  'http://[2001:0:7f00:1::]/',
  'http://[2001:db8::1]/',
  'http://[3fff::1]/',
  'http://[fc00::1]/',
  'http://[fe80::1]/',
  'http://[fec0::1]/',
  'http://[ff02::1]/',
  'http://[100::1]/',
  'http://[4000::1]/',
  // By name.
  'http://localhost/',
  'http://LOCALHOST:3000/',
  'http://ⓛocalhost/',
  'http://localhost./',
  'http://inside.example/',
  'http://mapped.example/',
  'http://translated.example/',
  'http://compatible.example/',
  'http://mixed.example/',
  'http://例え.example/',
];

const wrong = [
  'http://user:password@93.184.216.34/',
  'http://93.184.216.34@127.0.0.1/',
  'http://user@localhost/',
  'ftp://93.184.216.34/',
  'file:///etc/passwd',
  'gopher://127.0.0.1:6379/_PING',
  'data:text/plain,x',
  'javascript:alert(1)',
  'blob:http://127.0.0.1/x',
  'ws://127.0.0.1/',
  '//127.0.0.1/',
  '/etc/passwd',
  'http://',
  'http://256.1.1.1/',
  'http://[fe80::1%25eth0]/',
  '',
];

describe('the egress guard', () => {
  it.each(inside)('does not go to %j', async (url) => {
    await expect(web.fetch({ url })).rejects.toMatchObject({
      code: 'egress-refused',
      status: 422,
      retryable: false,
      text: { en: expect.stringContaining('KUMIKI_EGRESS'), ja: expect.stringContaining('KUMIKI_EGRESS') },
    });
  });

  it.each(wrong)('takes %j for no address', async (url) => {
    dialled.length = 0;
    await expect(web.fetch({ url })).rejects.toMatchObject({ code: 'web-address-invalid', status: 422 });
    expect(dialled).toEqual([]);
  });
});
