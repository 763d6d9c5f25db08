import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type ModelShape, readFolderShape, readGgufShape } from './model-shape.ts';

/** Where the weights of a model lie, in the trainer's words. */
export type TrainingBase =
  | { readonly kind: 'gguf'; readonly file: string; readonly sha256: string }
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'hub'; readonly name: string; readonly revision: string };

/** Null where only the trainer will know: what lies on the hub has not been fetched yet. */
export async function readBaseShape(base: TrainingBase): Promise<ModelShape | null> {
  switch (base.kind) {
    case 'gguf':
      return await readGgufShape(base.file);
    case 'folder':
      return await readFolderShape(base.folder);
    case 'hub':
      return null;
  }
}

/** `sha256:…` of what an adapter was trained over. On the hub, a commit's id stands for all that lies under it. */
export async function digestBase(base: TrainingBase, signal: AbortSignal): Promise<string> {
  switch (base.kind) {
    case 'gguf':
      return `sha256:${base.sha256}`;
    case 'hub':
      return `sha256:${createHash('sha256').update(`${base.name}@${base.revision}`).digest('hex')}`;
    case 'folder': {
      const names = (await readdir(base.folder)).filter(
        (name) => name === 'config.json' || /\.safetensors$/.test(name),
      );
      const all = createHash('sha256');
      for (const name of names.sort()) {
        const hash = createHash('sha256');
        await pipeline(createReadStream(path.join(base.folder, name)), hash, { signal });
        all.update(`${name}\0${hash.digest('hex')}\n`);
      }
      return `sha256:${all.digest('hex')}`;
    }
  }
}
