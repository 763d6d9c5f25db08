import type { Egress, EgressOptions } from './egress.ts';

/** The same egress, opened when a node first asks for it: loading undici takes 0.2 s, which a start need not pay. */
export function createEgress(options: EgressOptions): Egress {
  let opened: Promise<Egress> | null = null;
  const open = () => {
    opened ??= import('./egress.ts').then(({ openEgress }) => openEgress(options));
    return opened;
  };
  return {
    bind: (binding) => ({ fetch: async (request) => (await open()).bind(binding).fetch(request) }),
    connect: async (place, signal) => (await open()).connect(place, signal),
    close: async () => (await opened)?.close(),
  };
}
