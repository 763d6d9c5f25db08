import { type LookupAddress, lookup as lookupOfSystem } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { promisify } from 'node:util';
import { type AllowedPlace, isAllowedAddress, isAllowedHost } from './allowed-places.ts';
import { type IpAddress, isPublicAddress, parseAddress } from './public-address.ts';
import { refuseHost } from './web-errors.ts';

/** All addresses of a name, in the order in which they are to be tried. */
export type ResolveHost = (hostname: string) => Promise<readonly LookupAddress[]>;

const lookupAll = promisify(lookupOfSystem);
export const resolveBySystem: ResolveHost = (hostname) => lookupAll(hostname, { all: true });

/** How long a socket may take to connect: an address that says nothing for so long never will. */
export const connectMilliseconds = 10_000;

export type Guard = { readonly allowed: readonly AllowedPlace[]; readonly resolveHost: ResolveHost };

/**
 * The look-up for a socket that is about to connect: a name is looked up once, here, and the addresses that were judged
 * are the very ones that the socket gets. A name that would answer differently the second time is not asked a second time.
 * Throws `egress-refused`, and what the resolver throws.
 */
export async function findReachable(
  { allowed, resolveHost }: Guard,
  hostname: string,
  port: number,
): Promise<LookupFunction> {
  const literal = parseAddress(hostname);
  const isReachable = (address: IpAddress | null): boolean =>
    address !== null && (isPublicAddress(address) || isAllowedAddress(allowed, address, port));
  if (literal !== null) {
    if (!isReachable(literal)) throw refuseHost(hostname);
    // A socket asks no resolver for the address of an address, so there is nothing to hand out.
    return handOut([]);
  }
  const found = await resolveHost(hostname);
  if (found.length === 0) throw Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' });
  // One of them inside is enough: a public name has no business to point there.
  const mayConnect =
    isAllowedHost(allowed, hostname, port) || found.every(({ address }) => isReachable(parseAddress(address)));
  if (!mayConnect) throw refuseHost(hostname);
  return handOut(found);
}

/** Node asks for all addresses where it means to try one after the other. */
function handOut(addresses: readonly LookupAddress[]): LookupFunction {
  return (_hostname, { all }, done) => {
    const [first] = addresses;
    if (all) done(null, [...addresses]);
    else done(null, first?.address ?? '', first?.family);
  };
}
