import { connect, type Socket } from 'node:net';
import { connectMilliseconds, findReachable, type Guard } from './find-reachable.ts';

export type SocketPlace = { readonly host: string; readonly port: number };

/**
 * A socket that is connected, to an address that nodes may reach: for what does not speak HTTP. Throws `egress-refused`,
 * errors of sockets, and the signal's reason.
 */
export async function openGuardedSocket(guard: Guard, place: SocketPlace, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted();
  const lookup = await findReachable(guard, place.host, place.port);
  signal.throwIfAborted();
  const socket = connect({ ...place, lookup, autoSelectFamily: true });
  const stopping = AbortSignal.any([signal, AbortSignal.timeout(connectMilliseconds)]);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const stop = () => reject(signal.aborted ? signal.reason : describeTimeout());
  stopping.addEventListener('abort', stop, { once: true });
  socket.once('connect', resolve).once('error', reject);
  try {
    await promise;
    return socket;
  } catch (error) {
    socket.on('error', () => {}).destroy();
    throw error;
  } finally {
    stopping.removeEventListener('abort', stop);
    socket.off('connect', resolve).off('error', reject);
  }
}

function describeTimeout(): Error {
  return Object.assign(new Error('The socket did not connect in time'), { code: 'ETIMEDOUT' });
}
