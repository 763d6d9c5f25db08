import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { WebRequest } from '@kumiki/node-sdk';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseAllowedPlaces } from './allowed-places.ts';
import { openEgress } from './egress.ts';
import type { ResolveHost } from './find-reachable.ts';
import { startWebServer } from './testing/start-web-server.ts';

type Options = { readonly allowed?: string; readonly resolveHost?: ResolveHost; readonly signal?: AbortSignal };

function openWeb({ allowed = '127.0.0.1', resolveHost, signal = new AbortController().signal }: Options = {}) {
  const egress = openEgress({
    allowed: parseAllowedPlaces(allowed) ?? [],
    ...(resolveHost === undefined ? {} : { resolveHost }),
  });
  onTestFinished(() => egress.close());
  return egress.bind({ signal, readSecret: async (name) => `value of ${name}\n` });
}

const textOf = ({ body }: { readonly body: Uint8Array }) => new TextDecoder().decode(body);

/** Leads from step to step: `/5` to `/4`, and `/0` answers. */
const countDown = () =>
  startWebServer(({ path }, response) => {
    const left = Number(path.slice(1));
    if (left === 0) response.end('arrived');
    else response.writeHead(302, { location: `/${left - 1}` }).end();
  });

describe('a request to the web', () => {
  it('gives status, headers, and body, whatever the status', async () => {
    const { address, requests } = await startWebServer((_, response) =>
      response.writeHead(404, { 'content-type': 'text/plain', 'x-many': ['a', 'b'] }).end('見つかりません'),
    );
    const answer = await openWeb().fetch({ url: `${address}/page?q=1#part`, headers: { Accept: 'text/html' } });
    expect(answer).toMatchObject({
      url: `${address}/page?q=1#part`,
      status: 404,
      headers: { 'content-type': 'text/plain', 'x-many': 'a, b' },
    });
    expect(textOf(answer)).toBe('見つかりません');
    expect(requests).toMatchObject([
      { method: 'GET', path: '/page?q=1', headers: { accept: 'text/html', 'user-agent': 'Kumiki' } },
    ]);
  });

  it('is unpacked', async () => {
    const { address } = await startWebServer((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('packed')),
    );
    expect(textOf(await openWeb().fetch({ url: address }))).toBe('packed');
  });

  it('fails by name where the answer is packed in a broken or an unknown way', async () => {
    const { address } = await startWebServer(({ path }, response) =>
      response.writeHead(200, { 'content-encoding': path.slice(1) }).end('not packed at all'),
    );
    for (const encoding of ['gzip', 'deflate', 'br', 'zstd']) {
      const answer = openWeb().fetch({ url: `${address}/${encoding}` });
      await expect(answer, encoding).rejects.toMatchObject({ code: 'web-answer-damaged' });
    }
  });

  it('stops at its limit of bytes: told, sent, or unpacked', async () => {
    const { address } = await startWebServer(({ path }, response) => {
      if (path === '/told') response.writeHead(200, { 'content-length': '5000' }).end('x'.repeat(5_000));
      else if (path === '/sent') response.end('x'.repeat(5_000));
      else response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(5_000)));
    });
    const web = openWeb();
    for (const path of ['told', 'sent', 'packed']) {
      const url = `${address}/${path}`;
      await expect(web.fetch({ url, maximumBytes: 4_999 }), path).rejects.toMatchObject({ code: 'web-too-large' });
      expect((await web.fetch({ url, maximumBytes: 5_000 })).body.length).toBe(5_000);
    }
    const head = await web.fetch({ url: `${address}/told`, method: 'HEAD', maximumBytes: 10 });
    expect(head.headers['content-length']).toBe('5000');
  });

  it('stops at its limit of time, and may be tried again', async () => {
    const { address } = await startWebServer(({ path }, response) => {
      if (path === '/slow-body') response.writeHead(200).write('begun');
    });
    const web = openWeb();
    for (const path of ['silent', 'slow-body']) {
      const answer = web.fetch({ url: `${address}/${path}`, timeoutMilliseconds: 30 });
      await expect(answer).rejects.toMatchObject({ code: 'web-timeout', retryable: true });
    }
  });

  it('ends with the signal of the node', async () => {
    const controller = new AbortController();
    const reason = new Error('cancelled');
    const { address } = await startWebServer(() => controller.abort(reason));
    const web = openWeb({ signal: controller.signal });
    await expect(web.fetch({ url: address })).rejects.toBe(reason);
    await expect(web.fetch({ url: address })).rejects.toBe(reason);
  });

  it('ends also while a name is being looked up', async () => {
    const controller = new AbortController();
    const reason = new Error('cancelled');
    const asked = Promise.withResolvers<void>();
    const resolveHost: ResolveHost = () => {
      asked.resolve();
      return new Promise(() => {});
    };
    const web = openWeb({ resolveHost, signal: controller.signal });
    const url = 'http://slow.example/';
    await expect(web.fetch({ url, timeoutMilliseconds: 30 })).rejects.toMatchObject({ code: 'web-timeout' });
    const answer = web.fetch({ url });
    await asked.promise;
    controller.abort(reason);
    await expect(answer).rejects.toBe(reason);
  });

  it('is unreachable, and may be tried again, where nobody answers or the connection breaks', async () => {
    const { address, requests } = await startWebServer((_, response) => response.destroy());
    const web = openWeb({ allowed: '127.0.0.1', resolveHost: async () => [] });
    const unreachable = { code: 'web-unreachable', retryable: true, status: 502 };
    await expect(web.fetch({ url: address })).rejects.toMatchObject(unreachable);
    expect(requests).toHaveLength(1);
    await expect(web.fetch({ url: 'http://nowhere.example/?token=abc' })).rejects.toMatchObject({
      ...unreachable,
      text: { en: expect.stringMatching(/^“nowhere\.example” could not be reached \(ENOTFOUND\)/) },
    });
    await expect(web.fetch({ url: 'http://127.0.0.1:1/' })).rejects.toMatchObject({
      ...unreachable,
      text: { ja: expect.stringContaining('ECONNREFUSED') },
    });
  });

  it('puts a secret behind its prefix where it leaves, without the line end that it was pasted with', async () => {
    const { address, requests } = await startWebServer((_, response) => response.end());
    await openWeb().fetch({
      url: address,
      headers: {
        authorization: { prefix: 'Bearer', $secret: 'crm' },
        'x-key': { prefix: '', $secret: 'crm' },
      },
    });
    expect(requests[0]?.headers).toMatchObject({ authorization: 'Bearer value of crm', 'x-key': 'value of crm' });
  });

  it.each([
    ['a line break', { 'x-note': 'one\r\nx-other: two' }],
    ['another script', { 'x-note': '返品' }],
    ['a name that is none', { 'x note': 'one' }],
    ['the host of another', { Host: 'inside.example' }],
    ['a length of its own', { 'Content-Length': '5' }],
    ['an upgrade', { Upgrade: 'websocket' }],
  ] satisfies [string, NonNullable<WebRequest['headers']>][])('does not take headers with %s', async (_, headers) => {
    const { address, requests } = await startWebServer((_request, response) => response.end());
    const answer = openWeb().fetch({ url: address, method: 'POST', headers, body: 'text' });
    await expect(answer).rejects.toMatchObject({ code: 'web-request-invalid', status: 422 });
    expect(requests).toEqual([]);
  });
});

describe('a name', () => {
  it('is looked up once, and its judged address is the one that is connected to', async () => {
    const { port, requests } = await startWebServer((_, response) =>
      response.writeHead(200, { connection: 'close' }).end('first'),
    );
    const answers = ['127.0.0.1', '169.254.169.254'];
    const asked: string[] = [];
    const web = openWeb({
      async resolveHost(hostname) {
        asked.push(hostname);
        return [{ address: answers.shift() ?? '10.0.0.1', family: 4 }];
      },
    });
    const url = `http://rebind.example:${port}/`;
    expect(textOf(await web.fetch({ url }))).toBe('first');
    expect(asked).toEqual(['rebind.example']);
    expect(requests[0]?.headers.host).toBe(`rebind.example:${port}`);
    await expect(web.fetch({ url })).rejects.toMatchObject({ code: 'egress-refused' });
    expect(asked).toEqual(['rebind.example', 'rebind.example']);
    expect(requests).toHaveLength(1);
  });

  it('is kept for TLS', async () => {
    const greeting = Promise.withResolvers<Buffer>();
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', (data) => {
        greeting.resolve(data);
        socket.destroy();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const web = openWeb({ resolveHost: async () => [{ address: '127.0.0.1', family: 4 }] });
    await expect(web.fetch({ url: `https://pages.example:${port}/` })).rejects.toMatchObject({
      code: 'web-unreachable',
    });
    // The server name goes unencrypted in the first message (RFC 6066).
    expect((await greeting.promise).includes('pages.example')).toBe(true);
  });

  it('may be allowed by the operator, whatever it stands for', async () => {
    const { port } = await startWebServer((_, response) => response.end('wiki'));
    const resolveHost: ResolveHost = async () => [{ address: '127.0.0.1', family: 4 }];
    const url = `http://wiki.internal:${port}/`;
    expect(textOf(await openWeb({ allowed: `wiki.internal:${port}`, resolveHost }).fetch({ url }))).toBe('wiki');
    const elsewhere = openWeb({ allowed: 'wiki.internal:1', resolveHost }).fetch({ url });
    await expect(elsewhere).rejects.toMatchObject({ code: 'egress-refused' });
  });
});

describe('a redirect', () => {
  it('is followed five times', async () => {
    const { address } = await countDown();
    const answer = await openWeb().fetch({ url: `${address}/5` });
    expect([textOf(answer), answer.url]).toEqual(['arrived', `${address}/0`]);
    await expect(openWeb().fetch({ url: `${address}/6` })).rejects.toMatchObject({ code: 'web-redirect-refused' });
  });

  it('is judged like a first address', async () => {
    const trap = await startWebServer((_, response) => response.end('inside'));
    const targets = [trap.address, 'http://169.254.169.254/', 'http://[::ffff:127.0.0.1]/', 'http://2130706433/'];
    const { port } = await startWebServer(({ path }, response) =>
      response.writeHead(302, { location: targets[Number(path.slice(1))] ?? '' }).end(),
    );
    const web = openWeb({ allowed: `127.0.0.1:${port}` });
    for (const place of targets.keys()) {
      const answer = web.fetch({ url: `http://127.0.0.1:${port}/${place}` });
      await expect(answer).rejects.toMatchObject({ code: 'egress-refused' });
    }
    expect(trap.requests).toEqual([]);
  });

  it.each(['file:///etc/passwd', 'http://user:password@127.0.0.1/', 'http://', 'ftp://127.0.0.1/'])(
    'is not followed to %s',
    async (location) => {
      const { address } = await startWebServer((_, response) => response.writeHead(302, { location }).end());
      await expect(openWeb().fetch({ url: address })).rejects.toMatchObject({ code: 'web-redirect-refused' });
    },
  );

  it('carries headers on within an origin, but nothing that may be a credential to another', async () => {
    const other = await startWebServer((_, response) => response.end());
    const { address, requests } = await startWebServer(({ path }, response) => {
      const location = path === '/first' ? '/second' : other.address;
      response.writeHead(307, { location }).end();
    });
    await openWeb().fetch({
      url: `${address}/first`,
      headers: {
        authorization: { prefix: 'Bearer', $secret: 'crm' },
        cookie: 'session=1',
        'x-api-key': 'key',
        'accept-language': 'ja',
      },
    });
    expect(requests[1]?.headers).toMatchObject({
      authorization: 'Bearer value of crm',
      cookie: 'session=1',
      'x-api-key': 'key',
    });
    expect(other.requests[0]?.headers).toMatchObject({ 'accept-language': 'ja' });
    for (const name of ['authorization', 'cookie', 'x-api-key']) {
      expect(other.requests[0]?.headers).not.toHaveProperty(name);
    }
  });

  it('becomes a GET without a body where the standard says so, and carries no body to another origin', async () => {
    const other = await startWebServer((_, response) => response.end());
    const { address, requests } = await startWebServer(({ path }, response) => {
      const [, status = '', place] = path.split('/');
      if (status === 'end') response.end();
      else response.writeHead(Number(status), { location: place === 'other' ? other.address : '/end' }).end();
    });
    const web = openWeb();
    const post = (path: string) =>
      web.fetch({ url: address + path, method: 'POST', body: '本文', headers: { 'content-type': 'text/plain' } });
    for (const status of [301, 302, 303, 307, 308]) await post(`/${status}`);
    const arrived = requests.filter(({ path }) => path === '/end').map(({ method, body }) => `${method} ${body}`);
    expect(arrived).toEqual(['GET ', 'GET ', 'GET ', 'POST 本文', 'POST 本文']);
    await expect(post('/307/other')).rejects.toMatchObject({ code: 'web-redirect-refused' });
    await post('/303/other');
    expect(other.requests.map(({ method, body }) => `${method} ${body}`)).toEqual(['GET ']);
  });
});
