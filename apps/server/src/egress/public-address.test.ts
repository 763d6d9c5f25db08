import { describe, expect, it } from 'vitest';
import { isPublicAddress, parseAddress } from './public-address.ts';

describe('an address of the public internet', () => {
  it.each([
    '93.184.216.34',
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '223.255.255.255',
    '2606:4700:4700::1111',
    '2001:4860:4860::8888',
    // NAT64 of a public address: how a network with IPv6 alone reaches the rest.
    '64:ff9b::5db8:d822',
    '::ffff:93.184.216.34',
  ])('is %s', (text) => {
    const address = parseAddress(text);
    expect(address !== null && isPublicAddress(address)).toBe(true);
  });

  it.each(['0177.0.0.1', '0x7f.0.0.1', '2130706433', '127.1', '1.2.3.4.5', 'example.org', ''])(
    'is not read from %j, which is a name or must be spelled out first',
    (text) => {
      expect(parseAddress(text)).toBeNull();
    },
  );
});
