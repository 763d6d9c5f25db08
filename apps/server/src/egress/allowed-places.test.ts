import { describe, expect, it } from 'vitest';
import { isAllowedAddress, isAllowedHost, parseAllowedPlaces } from './allowed-places.ts';
import { parseAddress } from './public-address.ts';

function allows(list: string, host: string, port: number): boolean {
  const places = parseAllowedPlaces(list);
  if (places === null) throw new Error('The list cannot be read');
  const address = parseAddress(host);
  return address === null ? isAllowedHost(places, host, port) : isAllowedAddress(places, address, port);
}

describe('the list of allowed places', () => {
  it.each([
    ['wiki.internal', 'wiki.internal', 8080],
    ['Wiki.Internal.', 'wiki.internal', 80],
    ['wiki.internal', 'WIKI.internal.', 80],
    ['wiki.internal:8080', 'wiki.internal', 8080],
    ['wiki.internal:80', 'wiki.internal', 80],
    ['例え.internal', 'xn--r8jz45g.internal', 80],
    ['10.1.2.3', '10.1.2.3', 9999],
    ['10.1.2.3:9200', '10.1.2.3', 9200],
    ['10.0.0.0/8', '10.200.1.1', 1],
    ['10.0.0.0/8', '::ffff:10.200.1.1', 1],
    ['fd00::/8', 'fd12::1', 1],
    ['::1', '::1', 1],
    ['[fd00::1]:8080', 'fd00::1', 8080],
    [' , 10.1.2.3 , wiki.internal', 'wiki.internal', 1],
  ])('%j lets nodes reach %s at port %i', (list, host, port) => {
    expect(allows(list, host, port)).toBe(true);
  });

  it.each([
    ['', '127.0.0.1', 80],
    ['wiki.internal:8080', 'wiki.internal', 80],
    ['wiki.internal:80', 'wiki.internal', 8080],
    ['wiki.internal', 'evil-wiki.internal', 80],
    ['wiki.internal', 'wiki.internal.example', 80],
    ['10.1.2.3:9200', '10.1.2.3', 22],
    ['10.0.0.0/8', '11.0.0.1', 80],
    ['10.0.0.0/8', 'fd00::a00:1', 80],
    ['[fd00::1]:8080', 'fd00::1', 80],
  ])('%j does not let nodes reach %s at port %i', (list, host, port) => {
    expect(allows(list, host, port)).toBe(false);
  });

  it.each([
    'http://wiki.internal',
    'user@wiki.internal',
    'a b',
    '*.internal',
    '10.0.0.0/33',
    'wiki/8',
    '[::1',
    'wiki.internal:99999',
  ])('cannot hold %j', (entry) => {
    expect(parseAllowedPlaces(`127.0.0.1,${entry}`)).toBeNull();
  });
});
