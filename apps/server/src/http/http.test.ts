import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { KumikiError } from '@kumiki/node-sdk';
import { Hono } from 'hono';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AppEnvironment } from './environment.ts';
import { sendTogether, streamEvents } from './event-stream.ts';
import { addSecurityHeaders } from './guard.ts';
import { pickLanguage } from './language.ts';
import { describeProblem } from './problem.ts';

describe('the language of an answer', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['ja', 'ja'],
    ['ja-JP,ja;q=0.9,en;q=0.8', 'ja'],
    ['en-US,ja;q=0.5', 'en'],
    ['fr,ja;q=0.3', 'ja'],
    ['ja;q=0,en', 'en'],
    ['nonsense;;;q=x', 'en'],
  ])('for %s is %s', (header, language) => {
    expect(pickLanguage(header)).toBe(language);
  });
});

describe('a problem', () => {
  it('shows nothing of an error that nobody expected', () => {
    const problem = describeProblem(new Error('password=hunter2 at /srv/app/main.ts:3'), 'en');
    expect(problem).toMatchObject({ status: 500, code: 'internal' });
    expect(JSON.stringify(problem)).not.toContain('hunter2');
  });

  it('carries code, status, node, path and both texts of one that is known', () => {
    const error = new KumikiError({
      code: 'model-unknown',
      status: 404,
      node: 'chat',
      path: '/settings/model',
      message: { en: 'No such model.', ja: 'モデルがありません。' },
      cause: new Error('secret'),
    });
    expect(describeProblem(error, 'ja')).toEqual({
      type: 'urn:kumiki:problem:model-unknown',
      title: '見つかりません',
      status: 404,
      detail: 'モデルがありません。',
      code: 'model-unknown',
      texts: { en: 'No such model.', ja: 'モデルがありません。' },
      node: 'chat',
      path: '/settings/model',
    });
  });
});

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return `http://127.0.0.1:${address.port}`;
}

describe('security headers', () => {
  const app = new Hono<AppEnvironment>();
  app.use(addSecurityHeaders(new URL('https://kumiki.example')));
  app.get('/json', (context) => context.json({ said: true }));
  app.get('/stream', () =>
    streamEvents(
      async function* () {
        yield { data: 'first' };
      },
      { onFailure: () => {} },
    ),
  );
  app.get('/fails', () => {
    throw new Error('at once');
  });
  app.onError((_, context) => context.text('', 500));
  const paths = ['/json', '/stream', '/fails', '/missing'];

  it.each(paths)('are on the answer of %s, by a connection and without one', async (path) => {
    const address = await listen(createServer(getRequestListener(app.fetch)));
    for (const answer of [await fetch(address + path), await app.request(path)]) {
      await answer.text();
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-security-policy': expect.stringContaining("default-src 'self'"),
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'strict-transport-security': expect.stringMatching(/^max-age=/),
      });
    }
  });
});

describe('a stream of events', () => {
  it('ends without a word where its producer throws', async () => {
    const failures: unknown[] = [];
    const answer = streamEvents(
      async function* () {
        yield { id: 1, event: 'hello', data: { text: 'a\nb' } };
        throw new Error('the secret address');
      },
      { onFailure: (error) => failures.push(error) },
    );
    expect(await answer.text()).toBe('id: 1\nevent: hello\ndata: {"text":"a\\nb"}\n\n');
    expect(failures).toHaveLength(1);
  });

  it('goes to its reader with head and first event by one write, where that event is there already', async () => {
    const writes: string[] = [];
    const server = createServer(
      getRequestListener((_, bindings) => {
        const answer = streamEvents(
          async function* () {
            yield { data: 'first' };
            yield { data: 'second' };
          },
          { onFailure: () => {} },
        );
        sendTogether('outgoing' in bindings ? bindings.outgoing.socket : undefined);
        return answer;
      }),
    );
    server.on('connection', (socket: Socket) => {
      const { _write: write, _writev: writeMany } = socket;
      socket._write = (...parameters) => {
        writes.push('one piece');
        write.apply(socket, parameters);
      };
      socket._writev = (...parameters) => {
        writes.push(parameters[0].map(({ chunk }) => String(chunk)).join(''));
        writeMany?.apply(socket, parameters);
      };
    });
    const answer = await fetch(await listen(server));
    expect(await answer.text()).toBe('data: first\n\ndata: second\n\n');
    expect(writes[0]).toMatch(/^HTTP\/1\.1 200 [\s\S]*data: first/);
  });

  it('tells its producer when the reader leaves', async () => {
    const left = Promise.withResolvers<void>();
    const answer = streamEvents(
      async function* (signal) {
        signal.addEventListener('abort', () => left.resolve());
        for (let place = 0; ; place += 1) yield { data: { place } };
      },
      { onFailure: () => {} },
    );
    const reader = answer.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await left.promise;
  });
});
