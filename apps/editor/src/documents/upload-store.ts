import type { LocalisedText } from '@kumiki/flow';
import { createStore } from 'zustand/vanilla';
import { describeError } from '../api/problem.ts';
import { type Upload, uploadFile } from '../api/upload-file.ts';

export type UploadState = {
  readonly key: number;
  readonly collection: string;
  readonly name: string;
  readonly bytes: number;
  readonly phase: 'waiting' | 'sending' | 'done' | 'failed';
  /** The part that has been sent, from 0 to 1. */
  readonly sent: number;
  readonly error: LocalisedText | null;
};

type NamedFile = { readonly name: string; readonly file: File };

export type UploadStoreState = {
  readonly uploads: readonly UploadState[];
  /** Sends files into a collection, a few at a time. Resolves when the last one of them has ended. */
  readonly add: (collection: string, files: readonly NamedFile[]) => Promise<void>;
  readonly retry: (key: number) => Promise<void>;
  /** Takes what has ended off the list. */
  readonly clear: (collection: string) => void;
};

/** The disk of a laptop and one database connection take no more at once. */
const atOnce = 2;

/** Uploads go on while people move between pages, so they live beside the components. */
export function createUploadStore(send: (upload: Upload) => Promise<void> = uploadFile) {
  const files = new Map<number, File>();
  let lastKey = 0;
  return createStore<UploadStoreState>()((set, get) => {
    const change = (key: number, changes: Partial<UploadState>) =>
      set(({ uploads }) => ({
        uploads: uploads.map((upload) => (upload.key === key ? { ...upload, ...changes } : upload)),
      }));

    const sendOne = async ({ key, collection, name }: UploadState): Promise<void> => {
      const file = files.get(key);
      if (file === undefined) return;
      change(key, { phase: 'sending', sent: 0, error: null });
      try {
        const { signal } = new AbortController();
        await send({ collection, name, file, signal, onProgress: (sent) => change(key, { sent }) });
        files.delete(key);
        change(key, { phase: 'done', sent: 1 });
      } catch (error) {
        change(key, { phase: 'failed', error: describeError(error) });
      }
    };

    return {
      uploads: [],
      add: async (collection, chosen) => {
        const fresh = chosen.map(({ name, file }): UploadState => {
          lastKey += 1;
          files.set(lastKey, file);
          return { key: lastKey, collection, name, bytes: file.size, phase: 'waiting', sent: 0, error: null };
        });
        set(({ uploads }) => ({ uploads: [...uploads, ...fresh] }));
        const queue = [...fresh];
        const work = async (): Promise<void> => {
          for (let next = queue.shift(); next !== undefined; next = queue.shift()) await sendOne(next);
        };
        await Promise.all(Array.from({ length: atOnce }, work));
      },
      retry: async (key) => {
        const upload = get().uploads.find((candidate) => candidate.key === key);
        if (upload?.phase === 'failed') await sendOne(upload);
      },
      clear: (collection) =>
        set(({ uploads }) => ({
          uploads: uploads.filter(
            (upload) => upload.collection !== collection || upload.phase === 'waiting' || upload.phase === 'sending',
          ),
        })),
    };
  });
}

export const uploadStore = createUploadStore();
