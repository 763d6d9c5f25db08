import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { previewRows } from './preview-rows.ts';
import { fakeTrainer } from './testing/index.ts';
import { makeRow } from './testing/training-folder.ts';

const base = { kind: 'folder', folder: '/models/base' } as const;
const { signal } = new AbortController();

const listFolders = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('kumiki-preview-'));

it('tells the tokens of each row and which of them are learnt, and rows that are left out with the reason', async () => {
  const rows = [makeRow('a', '送料 は？', '500 円です。'), makeRow('b', '長い '.repeat(30)), makeRow('c')];
  const [first, second, third, ...more] = await previewRows(fakeTrainer(), { base, rows, maximumLength: 20, signal });
  expect(more).toEqual([]);
  const [tokens = [], ...sequences] = first !== undefined && 'sequences' in first ? first.sequences : [];
  expect(sequences).toEqual([]);
  expect(tokens.map(({ text }) => text).join('')).toBe('<user> 送料 は？<assistant> 500 円です。');
  expect(tokens.flatMap(({ text, trained }) => (trained ? [text] : []))).toEqual(['500 ', '円です。']);
  expect(second).toEqual({ id: 'b', leftOut: 'too-long' });
  expect(third).toMatchObject({ id: 'c' });
});

it('leaves no word of the rows behind, whatever becomes of the trainer', async () => {
  const before = await listFolders();
  const fail = { code: 4, error: 'no template', name: 'chat-template-missing' };
  const rows = [makeRow('a')];
  const preview = previewRows(fakeTrainer({ fail }), { base, rows, maximumLength: 20, signal });
  await expect(preview).rejects.toMatchObject({ code: 'chat-template-missing' });
  expect(await listFolders()).toEqual(before);
});
