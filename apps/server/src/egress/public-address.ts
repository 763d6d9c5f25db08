import ipaddr from 'ipaddr.js';

/**
 * Azure's platform answers at this public address whichever machine asks: it is no place of the internet. The metadata
 * addresses of the other clouds are link-local, unique-local or shared addresses, and refused as those.
 */
const platformAddresses: ReadonlySet<string> = new Set(['168.63.129.16']);

/** All that has been handed out for the internet (RFC 4291, IANA); what lies outside is reserved, mapped or local. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

export type IpAddress = ipaddr.IPv4 | ipaddr.IPv6;

/**
 * An address in plain spelling, or null. IPv4 inside IPv6, as sockets (`::ffff:…`) and NAT64 (`64:ff9b::…`) write it, is
 * given back as the IPv4 address that a packet ends at.
 */
export function parseAddress(text: string): IpAddress | null {
  const plain = text.replace(/^\[(.*)\]$/, '$1');
  // Four decimal parts only: what `new URL` has left in another form is a name.
  if (ipaddr.IPv4.isValidFourPartDecimal(plain)) return ipaddr.IPv4.parse(plain);
  if (!ipaddr.IPv6.isValid(plain)) return null;
  return unwrapAddress(ipaddr.IPv6.parse(plain));
}

function unwrapAddress(address: ipaddr.IPv6): IpAddress {
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  const isTranslated = address.match(ipaddr.IPv6.parse('64:ff9b::'), 96);
  return isTranslated ? new ipaddr.IPv4(address.toByteArray().slice(12)) : address;
}

/**
 * Whether an address is one of the public internet. An allow-list: ipaddr.js calls unicast whatever it has no other name
 * for, `::127.0.0.1` and unassigned space among it, so IPv6 has to lie in what was handed out as well.
 */
export function isPublicAddress(address: IpAddress): boolean {
  if (address.range() !== 'unicast') return false;
  if (address instanceof ipaddr.IPv4) return !platformAddresses.has(address.toString());
  return address.match(globalUnicast);
}
