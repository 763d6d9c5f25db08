import { buildConnector } from 'undici';
import { connectMilliseconds, findReachable, type Guard } from './find-reachable.ts';

/**
 * Opens sockets to addresses that nodes may reach, and to no others. The request keeps its host name, for `Host` and for
 * TLS.
 */
export function createGuardedConnector(guard: Guard): buildConnector.connector {
  return (options, callback) => {
    const port = Number(options.port) || (options.protocol === 'https:' ? 443 : 80);
    findReachable(guard, options.hostname, port).then(
      (lookup) => buildConnector({ timeout: connectMilliseconds, lookup })(options, callback),
      (error) => callback(error, null),
    );
  };
}
