import ipaddr from 'ipaddr.js';
import { type IpAddress, parseAddress } from './public-address.ts';

/** One entry of KUMIKI_EGRESS: a place inside the house that nodes may reach all the same. */
export type AllowedPlace =
  /** Whatever address the name stands for: the operator trusts whoever answers for it. */
  | { readonly kind: 'host'; readonly host: string; readonly port: number | null }
  /** However it is called in the address. */
  | { readonly kind: 'network'; readonly network: readonly [IpAddress, number]; readonly port: number | null };

/** Reads `intranet.example`, `intranet.example:8080`, `10.1.2.3:8080`, `[fd00::1]:8080` and `10.0.0.0/8`. Null where one is none. */
export function parseAllowedPlaces(list: string): readonly AllowedPlace[] | null {
  const places = list
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map(parsePlace);
  return places.every((place) => place !== null) ? places : null;
}

function parsePlace(entry: string): AllowedPlace | null {
  if (entry.includes('/')) return parseNetwork(entry);
  const address = parseAddress(entry);
  if (address !== null) return { kind: 'network', network: [address, bitsOf(address)], port: null };
  if (!/^(?:[^\s*:/?#@[\]]+|\[[^\]]+\])(?::\d{1,5})?$/.test(entry)) return null;
  // The same reading as that of addresses later on: letter case, IDN and spellings of numbers.
  const url = URL.parse(`http://${entry}`);
  if (url === null) return null;
  const port = /:\d+$/.test(entry) ? Number(url.port || 80) : null;
  const literal = parseAddress(url.hostname);
  if (literal !== null) return { kind: 'network', network: [literal, bitsOf(literal)], port };
  return { kind: 'host', host: normaliseHost(url.hostname), port };
}

function parseNetwork(entry: string): AllowedPlace | null {
  if (!ipaddr.isValidCIDR(entry)) return null;
  return { kind: 'network', network: ipaddr.parseCIDR(entry), port: null };
}

function bitsOf(address: IpAddress): number {
  return address.kind() === 'ipv4' ? 32 : 128;
}

/** `example.org.` with its last dot is the same host, but another string. */
export function normaliseHost(hostname: string): string {
  return hostname.toLowerCase().replace(/\.$/, '');
}

export function isAllowedHost(places: readonly AllowedPlace[], hostname: string, port: number): boolean {
  const host = normaliseHost(hostname);
  return places.some((place) => place.kind === 'host' && place.host === host && fitsPort(place, port));
}

export function isAllowedAddress(places: readonly AllowedPlace[], address: IpAddress, port: number): boolean {
  return places.some((place) => {
    if (place.kind !== 'network' || !fitsPort(place, port)) return false;
    const [network, bits] = place.network;
    return network.kind() === address.kind() && address.match(network, bits);
  });
}

function fitsPort(place: AllowedPlace, port: number): boolean {
  return place.port === null || place.port === port;
}
