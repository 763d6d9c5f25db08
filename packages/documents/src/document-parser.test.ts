import { afterEach, describe, expect, it, vi } from 'vitest';
import { createDocumentParser, type DocumentParserOptions } from './document-parser.ts';

const program = new URL('./testing/misbehaving-process.ts', import.meta.url);
const never = new AbortController().signal;
const open: ReturnType<typeof createDocumentParser>[] = [];

function makeParser(options: DocumentParserOptions = {}) {
  const parser = createDocumentParser({ program, ...options });
  open.push(parser);
  return async (name: string, signal = never) =>
    (await parser.parse({ name, mediaType: null, content: new Uint8Array() }, signal)).text;
}

afterEach(async () => {
  for (const parser of open.splice(0)) await parser.close();
});

function isAlive(pid: string): boolean {
  try {
    return process.kill(Number(pid), 0);
  } catch {
    return false;
  }
}

describe('createDocumentParser', () => {
  it('parses a file in a process apart', async () => {
    const parser = createDocumentParser();
    open.push(parser);
    const content = new TextEncoder().encode('# 題\n\n本文です。');
    expect(await parser.parse({ name: 'a.md', mediaType: null, content }, never)).toEqual({
      text: '# 題\n\n本文です。',
      headings: [{ level: 1, title: '題', start: 0 }],
      pages: [],
      mediaType: 'text/markdown',
    });
    await expect(parser.parse({ name: 'a.pdf', mediaType: null, content }, never)).rejects.toMatchObject({
      code: 'document-type-mismatch',
      status: 422,
      text: { ja: expect.stringContaining('「a.pdf」') },
    });
  });

  it('reads files of data there too', async () => {
    const parser = createDocumentParser();
    open.push(parser);
    const content = new TextEncoder().encode('質問,回答\n送料は？,500円');
    const rows = [
      { line: 1, cells: ['質問', '回答'] },
      { line: 2, cells: ['送料は？', '500円'] },
    ];
    const data = { kind: 'tables', tables: [{ name: '', rows }] };
    expect(await parser.readData({ name: 'a.csv', mediaType: null, content }, never)).toEqual(data);
    const binary = { name: 'a.json', mediaType: null, content: new Uint8Array(100) };
    await expect(parser.readData(binary, never)).rejects.toMatchObject({ code: 'document-type-unknown', status: 422 });
  });

  it('keeps its process from file to file', async () => {
    const parse = makeParser();
    expect(await parse('a')).toBe(await parse('b'));
  });

  it('works on no more files at once than it has processes', async () => {
    const parse = makeParser({ processes: 2 });
    const pids = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => parse(name)));
    expect(new Set(pids).size).toBe(2);
  });

  it('takes a crash for a damaged file, and reads the next in a new process', async () => {
    const parse = makeParser();
    const before = await parse('a');
    const results = await Promise.allSettled([parse('crash'), parse('b')]);
    expect(results).toMatchObject([
      { status: 'rejected', reason: { code: 'document-damaged', text: { en: expect.stringContaining('“crash”') } } },
      { status: 'fulfilled' },
    ]);
    expect(await parse('c')).not.toBe(before);
  });

  it('ends a process that takes too long', async () => {
    const parse = makeParser({ timeoutMilliseconds: 300 });
    await expect(parse('hang')).rejects.toMatchObject({ code: 'document-timeout' });
  });

  it('takes a heap that runs over for a file that is too large', async () => {
    // Twice this is what the process may hold as a whole, and an idle one holds some 50 MB.
    const parse = makeParser({ memoryMegabytes: 64 });
    await expect(parse('fill-heap')).rejects.toMatchObject({ code: 'document-too-large' });
    expect(await parse('a')).toMatch(/^\d+$/);
  });

  it('counts buffers too, where the system tells how much memory a process holds', async () => {
    const [outcome] = await Promise.allSettled([makeParser({ memoryMegabytes: 64 })('fill-buffers')]);
    expect(outcome).toMatchObject(
      process.platform === 'linux' ? { reason: { code: 'document-too-large' } } : { status: 'fulfilled' },
    );
  });

  it('stops at once when it is cancelled, also while waiting in line', async () => {
    const parse = makeParser();
    const before = await parse('a');
    const controller = new AbortController();
    const calls = [parse('hang', controller.signal), parse('b', controller.signal)];
    // The file is on its way to the process after the next turn of the event loop.
    await new Promise(setImmediate);
    controller.abort(new Error('cancelled'));
    for (const call of calls) await expect(call).rejects.toThrow('cancelled');
    const after = await parse('c');
    expect(after).not.toBe(before);
    expect(isAlive(before)).toBe(false);
  });

  it('ends a process that nobody has used for a while', async () => {
    const parse = makeParser({ idleMilliseconds: 1 });
    const first = await parse('a');
    await vi.waitFor(() => expect(isAlive(first)).toBe(false));
    expect(await parse('b')).not.toBe(first);
  });

  it('gives a file no way to write, to start programs, or to see the environment', async () => {
    const parse = makeParser();
    expect(await parse('try-permissions')).toBe('ERR_ACCESS_DENIED, ERR_ACCESS_DENIED, 0 variables');
  });

  it('parses nothing any more once it is closed', async () => {
    const parser = createDocumentParser({ program });
    const file = { name: 'hang', mediaType: null, content: new Uint8Array() };
    const underWay = parser.parse(file, never);
    await parser.close();
    await expect(underWay).rejects.toThrow('closed');
    await expect(parser.parse(file, never)).rejects.toThrow('closed');
  });
});
