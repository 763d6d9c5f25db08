import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseAllowedPlaces } from './allowed-places.ts';
import type { Guard } from './find-reachable.ts';
import { openGuardedSocket } from './guarded-socket.ts';

const never = new AbortController().signal;

function makeGuard(allowed: string, names: Readonly<Record<string, readonly string[]>> = {}) {
  const asked: string[] = [];
  const guard: Guard = {
    allowed: parseAllowedPlaces(allowed) ?? [],
    async resolveHost(hostname) {
      asked.push(hostname);
      return (names[hostname] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    },
  };
  return { guard, asked };
}

async function listen(): Promise<number> {
  const server = createServer((socket) => socket.end('hello'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const place = server.address();
  return typeof place === 'object' && place !== null ? place.port : 0;
}

describe('a guarded socket', () => {
  it.each([
    '127.0.0.1',
    '10.0.0.5',
    '169.254.169.254',
    '168.63.129.16',
    '[::1]',
    '::ffff:127.0.0.1',
    'fd00::5',
    'inside.example',
    'mixed.example',
    '2130706433',
    'localhost',
  ])('does not go to %j', async (host) => {
    const names = {
      'inside.example': ['192.168.1.1'],
      'mixed.example': ['93.184.216.34', '127.0.0.1'],
      '2130706433': ['127.0.0.1'],
      localhost: ['127.0.0.1', '::1'],
    };
    const opened = openGuardedSocket(makeGuard('', names).guard, { host, port: 5432 }, never);
    await expect(opened).rejects.toMatchObject({ code: 'egress-refused' });
  });

  it('goes where the operator lets it, by the very address that was judged', async () => {
    const port = await listen();
    const { guard, asked } = makeGuard(`db.internal:${port}`, { 'db.internal': ['127.0.0.1'] });
    const socket = await openGuardedSocket(guard, { host: 'db.internal', port }, never);
    expect(await Array.fromAsync(socket.setEncoding('utf8'))).toEqual(['hello']);
    expect(asked).toEqual(['db.internal']);
    const elsewhere = openGuardedSocket(guard, { host: 'db.internal', port: port + 1 }, never);
    await expect(elsewhere).rejects.toMatchObject({ code: 'egress-refused' });
  });

  it('says what sockets say where nobody answers, or the name is none', async () => {
    const { guard } = makeGuard('127.0.0.1');
    await expect(openGuardedSocket(guard, { host: '127.0.0.1', port: 1 }, never)).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
    await expect(openGuardedSocket(guard, { host: 'nowhere.example', port: 1 }, never)).rejects.toMatchObject({
      code: 'ENOTFOUND',
    });
  });

  it('opens nothing once it was cancelled', async () => {
    const { guard, asked } = makeGuard('127.0.0.1');
    const cancelled = AbortSignal.abort(new Error('enough'));
    await expect(openGuardedSocket(guard, { host: 'db.internal', port: 1 }, cancelled)).rejects.toThrow('enough');
    expect(asked).toEqual([]);
  });
});
