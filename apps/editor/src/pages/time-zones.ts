/**
 * The time zones to choose from, by IANA name: that of this device first, then Tokyo's, UTC, and all that the browser
 * knows. `known` is added where it is none of them.
 */
export function listTimeZones(known?: string): { readonly here: string; readonly all: readonly string[] } {
  const here = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const first = [here, 'Asia/Tokyo', 'UTC', ...(known === undefined ? [] : [known])];
  return { here, all: [...new Set([...first, ...Intl.supportedValuesOf('timeZone')])] };
}
