import type { FileValue, KumikiError } from '@kumiki/node-sdk';
import { describe, expect, it } from 'vitest';
import { createFakeContext } from '../testing/fake-context.ts';
import { runNode } from '../testing/run-node.ts';
import { loadParse } from './parse.ts';

const file: FileValue = { name: 'letter.txt', mediaType: 'text/plain', sha256: 'abc', bytes: 3 };

function makeContext(text: string | KumikiError | Error) {
  return createFakeContext({
    files: { readFile: async () => new Uint8Array([1, 2, 3]) },
    documents: {
      parse: async () => {
        if (text instanceof Error) throw text;
        return { text, headings: [], pages: [], mediaType: 'text/plain' };
      },
    },
  });
}

describe('load/parse', () => {
  it('puts out the text of the file', async () => {
    expect(await runNode(loadParse, { inputs: { file }, context: makeContext('本文') })).toEqual({ text: '本文' });
  });

  it('cuts a long text, never within a character, and says so', async () => {
    const context = makeContext('😀'.repeat(200));
    const { text } = await runNode(loadParse, { inputs: { file }, settings: { maximumCharacters: 101 }, context });
    expect(text).toBe('😀'.repeat(50));
    expect(context.record.warnings).toEqual(['text-shortened']);
  });

  it('fails as the parser does', async () => {
    await expect(runNode(loadParse, { inputs: { file }, context: makeContext(new Error('no')) })).rejects.toThrow('no');
  });
});
