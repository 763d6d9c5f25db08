export type TableAddress = {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** As libpq means it, but that `verify-ca` checks the name as well. */
  readonly encryption: 'disable' | 'prefer' | 'require' | 'verify-full';
};

const encryptions: Readonly<Record<string, TableAddress['encryption']>> = {
  disable: 'disable',
  allow: 'prefer',
  prefer: 'prefer',
  require: 'require',
  'verify-ca': 'verify-full',
  'verify-full': 'verify-full',
};

/**
 * Reads `postgres://user:password@host:5432/name?sslmode=require`. Null where it is none, where user or database are
 * missing, and where it names several hosts. Whatever else it says is not asked: other parameters could name a socket or
 * a file of this machine.
 */
export function parseTableAddress(address: string): TableAddress | null {
  const url = URL.parse(address.trim());
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol)) return null;
  const encryption = encryptions[url.searchParams.get('sslmode') ?? 'prefer'];
  try {
    const host = decodeURIComponent(url.hostname.replace(/^\[(.*)\]$/, '$1'));
    const database = decodeURIComponent(url.pathname.slice(1));
    const user = decodeURIComponent(url.username);
    const isWhole = host !== '' && !/[,/\s]/.test(host) && database !== '' && user !== '';
    if (!isWhole || encryption === undefined) return null;
    const password = decodeURIComponent(url.password);
    return { host, port: url.port === '' ? 5_432 : Number(url.port), database, user, password, encryption };
  } catch {
    // A percent sign that encodes nothing.
    return null;
  }
}
