import { expect, test } from 'vitest';
import { ApiError } from '../api/problem.ts';
import type { Upload } from '../api/upload-file.ts';
import { createUploadStore } from './upload-store.ts';

const file = (name: string) => ({ name, file: new File(['x'], name) });

test('files are sent two at a time, and one that fails keeps its reason and can be sent again', async () => {
  let atWork = 0;
  let most = 0;
  let refuses = true;
  const send = async ({ name, onProgress }: Upload) => {
    atWork += 1;
    most = Math.max(most, atWork);
    onProgress(0.5);
    await Promise.resolve();
    atWork -= 1;
    if (name === 'b.pdf' && refuses) {
      throw new ApiError({ code: 'too-large', status: 413, texts: { en: 'Too large.', ja: '大きすぎます。' } });
    }
  };
  const store = createUploadStore(send);
  await store.getState().add('c', ['a.md', 'b.pdf', 'c.md', 'd.md'].map(file));
  expect(most).toBe(2);
  expect(store.getState().uploads.map(({ phase }) => phase)).toEqual(['done', 'failed', 'done', 'done']);
  const failed = store.getState().uploads.find(({ phase }) => phase === 'failed');
  expect(failed?.error?.ja).toBe('大きすぎます。');

  refuses = false;
  await store.getState().retry(failed?.key ?? 0);
  expect(store.getState().uploads.every(({ phase }) => phase === 'done')).toBe(true);
  store.getState().clear('c');
  expect(store.getState().uploads).toEqual([]);
});
