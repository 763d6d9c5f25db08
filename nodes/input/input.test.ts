import type { PortValue } from '@kumiki/node-sdk';
import { describe, expect, it } from 'vitest';
import { createFakeContext } from '../testing/fake-context.ts';
import { runNode } from '../testing/run-node.ts';
import { input } from './input.ts';

const run = (kind: string, value?: PortValue) =>
  runNode(input, {
    settings: { name: 'question', kind },
    variables: value === undefined ? {} : { value },
    context: createFakeContext(),
  });

describe('input', () => {
  it.each([
    ['text', '料金は？'],
    ['number', 3],
    ['boolean', false],
    ['json', { a: [1] }],
    ['messages', [{ role: 'user', content: 'はい' }]],
    ['file', { name: 'a.pdf', mediaType: 'application/pdf', sha256: 'a'.repeat(64), bytes: 3 }],
  ] satisfies [string, PortValue][])('passes a value of kind %s on', async (kind, value) => {
    expect(await run(kind, value)).toEqual({ value });
  });

  it('says which input is missing', async () => {
    await expect(run('text')).rejects.toMatchObject({
      code: 'input-missing',
      status: 400,
      path: '/inputs/question',
      text: { ja: expect.stringContaining('「question」') },
    });
  });

  it.each([
    ['text', 3],
    ['number', '3'],
    ['boolean', 'true'],
    ['messages', [{ role: 'robot', content: '' }]],
    ['file', { name: 'a.pdf' }],
  ] satisfies [string, PortValue][])('refuses what is not of kind %s instead of converting it', async (kind, value) => {
    await expect(run(kind, value)).rejects.toMatchObject({ code: 'input-wrong-kind', status: 400 });
  });
});
