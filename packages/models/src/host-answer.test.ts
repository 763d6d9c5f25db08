import type { ServerResponse } from 'node:http';
import { Agent } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { decodePieces, openAnswer, readEventData, readLines } from './host-answer.ts';
import type { FakeAnswer } from './testing/fake-http-server.ts';
import { sendJson, startFakeHttpServer } from './testing/fake-http-server.ts';

const signal = new AbortController().signal;

/** The bytes of a text in chunks of a length at which no character, line or event is spared. */
async function* cut(text: string, length: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let start = 0; start < bytes.length; start += length) yield bytes.subarray(start, start + length);
}

async function collect(values: AsyncIterable<string>): Promise<readonly string[]> {
  const collected: string[] = [];
  for await (const value of values) collected.push(value);
  return collected;
}

describe('what a host writes, wherever its chunks are cut', () => {
  it.each([1, 2, 5, 1000])('is read as events: %i bytes a chunk', async (length) => {
    const text =
      'data: {"text":"組木😀"}\n\n: a comment\n\nevent: x\r\ndata: two\r\ndata: lines\r\n\r\ndata: [DONE]\n\n';
    const events = await collect(readEventData(decodePieces(cut(text, length))));
    expect(events).toEqual(['{"text":"組木😀"}', 'two\nlines', '[DONE]']);
  });

  it.each([1, 2, 5, 1000])('is read as lines: %i bytes a chunk', async (length) => {
    const text = '{"text":"組木😀"}\n\n{"done":true}\r\n{"cut":';
    const lines = await collect(readLines(decodePieces(cut(text, length))));
    expect(lines.map((line) => line.trim())).toEqual(['{"text":"組木😀"}', '{"done":true}', '{"cut":']);
  });
});

/** A host that keeps count of its connections, and the way to ask it. */
async function startHost(answer: FakeAnswer) {
  const server = await startFakeHttpServer(answer);
  const agent = new Agent();
  onTestFinished(() => agent.destroy());
  const question = { url: new URL(`${server.address}/chat`), headers: { authorization: 'Bearer key' }, body: { a: 1 } };
  return { server, ask: (until = signal) => openAnswer(agent, question, until) };
}

describe('the connection to a host', () => {
  it('is kept where the host has said all, though the end of its answer was not waited for', async () => {
    const { server, ask } = await startHost((_, response) => response.end('all\n'));
    for (let round = 0; round < 8; round += 1) {
      const answer = await ask();
      for await (const piece of answer.pieces) {
        expect(piece).toBe('all\n');
        break;
      }
      answer.end(true);
    }
    expect(server.requests).toHaveLength(8);
    // The next question may come before the end of the last answer, and then takes a second one.
    expect(server.countConnections()).toBeLessThanOrEqual(2);
  });

  it.each([
    ['whose reader leaves early', false],
    ['that does not end its answer after the final mark', true],
  ])('is closed to a host %s', async (_, hasSaidAll) => {
    const closed = Promise.withResolvers<void>();
    const { ask } = await startHost((_request, response) => {
      response.on('close', closed.resolve);
      response.write('a piece\n');
    });
    const answer = await ask();
    for await (const piece of answer.pieces) {
      expect(piece).toBe('a piece\n');
      break;
    }
    answer.end(hasSaidAll);
    await closed.promise;
  });

  it.each(['before the answer', 'in the middle of it'])('ends with the signal: %s', async (moment) => {
    const reached = Promise.withResolvers<ServerResponse>();
    const { ask } = await startHost((_, response) => {
      if (moment !== 'before the answer') response.write('a piece\n');
      reached.resolve(response);
    });
    const controller = new AbortController();
    const asked = ask(controller.signal).then((answer) => collect(answer.pieces));
    const response = await reached.promise;
    const closed = new Promise((resolve) => response.on('close', resolve));
    controller.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
    await closed;
  });

  it('asks nothing where the signal is aborted already', async () => {
    const { server, ask } = await startHost((_, response) => response.end());
    await expect(ask(AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
    expect(server.countConnections()).toBe(0);
  });
});

describe('a host that has moved', () => {
  it('is followed, and told the key where that is the same host', async () => {
    const { server, ask } = await startHost(({ path }, response) => {
      if (path === '/chat') response.writeHead(308, { location: '/v2/chat' }).end('moved');
      else response.end('here');
    });
    expect(await collect((await ask()).pieces)).toEqual(['here']);
    expect(server.requests.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/chat', 'Bearer key'],
      ['/v2/chat', 'Bearer key'],
    ]);
  });

  it('is not told the key where that is another one', async () => {
    const other = await startHost((_, response) => response.end('there'));
    const { ask } = await startHost((_, response) =>
      response.writeHead(307, { location: `${other.server.address}/chat` }).end(),
    );
    expect(await collect((await ask()).pieces)).toEqual(['there']);
    expect(other.server.requests).toMatchObject([{ method: 'POST', body: { a: 1 } }]);
    expect(other.server.requests[0]?.headers.authorization).toBeUndefined();
  });

  it('is given up where it only sends on', async () => {
    const { ask } = await startHost((_, response) => response.writeHead(307, { location: '/chat' }).end());
    await expect(ask()).rejects.toMatchObject({ status: 307 });
  });
});

describe('what a host says instead of an answer', () => {
  it.each([
    [{ error: { message: 'No such model.', code: 404 } }, 'No such model.'],
    [{ error: 'No such model.' }, 'No such model.'],
    [{ object: 'error', message: 'No such model.' }, 'No such model.'],
    [{ detail: 'Not Found' }, 'Not Found'],
    ['', '""'],
  ])('is found in %j', async (body, said) => {
    const { ask } = await startHost((_, response) => sendJson(response, 404, body));
    await expect(ask()).rejects.toMatchObject({ name: 'HostWords', status: 404, message: said });
  });

  it('is its status where it says nothing', async () => {
    const { ask } = await startHost((_, response) => response.writeHead(418).end());
    await expect(ask()).rejects.toMatchObject({ status: 418, message: 'It answered with status 418.' });
  });
});
