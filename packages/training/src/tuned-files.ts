import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { AdapterValue, BlobStore } from '@kumiki/node-sdk';
import { withFileLock } from '@kumiki/node-sdk/file-lock';
import { writeAdapterFolder } from './adapter-files.ts';
import { runTrainer, type TrainerCommandLine } from './trainer-process.ts';

export type MergedType = 'F16' | 'Q8_0';

/** The weights that an adapter was trained over, as a GGUF file. */
export type BaseFile = { readonly file: string; readonly sha256: string };

export type TunedFilesOptions = {
  readonly cacheFolder: string;
  readonly blobs: BlobStore;
  /** Made ready when the first file is asked for. */
  readonly openTrainer: (signal: AbortSignal) => Promise<TrainerCommandLine>;
};

/**
 * An adapter in the forms that hosts want, made on demand from the blob store into the cache folder. A file under its
 * name is always whole; asked for twice at the same time, by whatever process, it is made once.
 */
export class TunedFiles {
  readonly #options: TunedFilesOptions;
  readonly #making = new Map<string, Promise<string>>();

  constructor(options: TunedFilesOptions) {
    this.#options = options;
  }

  /** The PEFT folder, for servers that load adapters themselves. */
  folder(adapter: AdapterValue, signal: AbortSignal): Promise<string> {
    const target = path.join(this.#home, `${nameOf(adapter)}.peft`);
    return this.#once(target, signal, () =>
      writeAdapterFolder(adapter, target, { blobs: this.#options.blobs, signal }),
    );
  }

  /** The adapter alone as GGUF, to be laid over the base. */
  gguf(adapter: AdapterValue, base: BaseFile, signal: AbortSignal): Promise<string> {
    const target = path.join(this.#home, `${nameOf(adapter)}-${base.sha256.slice(0, 16)}.lora.gguf`);
    return this.#once(target, signal, () => this.#convert('to-gguf', { adapter, base, target, signal }));
  }

  /** Base and adapter in one GGUF file, for hosts that take no adapters. */
  merged(adapter: AdapterValue, base: BaseFile, type: MergedType, signal: AbortSignal): Promise<string> {
    const target = path.join(this.#home, `${nameOf(adapter)}-${base.sha256.slice(0, 16)}-${type}.gguf`);
    return this.#once(target, signal, () => this.#convert('merge', { adapter, base, target, type, signal }));
  }

  /** Takes away all that was made of an adapter. Whoever asks for it again gets it made again. */
  async drop(adapter: Pick<AdapterValue, 'digest'>): Promise<void> {
    const names = await readdir(this.#home).catch(() => []);
    const made = names.filter((name) => name.startsWith(nameOf(adapter)) && !name.endsWith('.lock'));
    for (const name of made) await rm(path.join(this.#home, name), { recursive: true, force: true });
  }

  get #home(): string {
    return tunedFolder(this.#options.cacheFolder);
  }

  /** Whoever asks while it is made waits for the same; that one who asked first leaves stops nobody else. */
  async #once(target: string, signal: AbortSignal, make: () => Promise<void>): Promise<string> {
    for (;;) {
      signal.throwIfAborted();
      const making = this.#making.get(target);
      if (making === undefined) break;
      await making.catch(() => undefined);
    }
    if (await isThere(target)) return target;
    const made = this.#makeAlone(target, signal, make).finally(() => this.#making.delete(target));
    this.#making.set(target, made);
    return made;
  }

  async #makeAlone(target: string, signal: AbortSignal, make: () => Promise<void>): Promise<string> {
    await mkdir(this.#home, { recursive: true });
    return withFileLock(`${target}.lock`, signal, async () => {
      if (!(await isThere(target))) await make();
      return target;
    });
  }

  async #convert(
    command: 'to-gguf' | 'merge',
    call: {
      readonly adapter: AdapterValue;
      readonly base: BaseFile;
      readonly target: string;
      readonly type?: MergedType;
      readonly signal: AbortSignal;
    },
  ): Promise<void> {
    const { adapter, base, target, type, signal } = call;
    const { blobs, openTrainer } = this.#options;
    const trainer = await openTrainer(signal);
    const work = await mkdtemp(`${target}.work-`);
    try {
      const folder = path.join(work, 'adapter');
      await writeAdapterFolder(adapter, folder, { blobs, signal });
      const output = path.join(work, 'output.gguf');
      const job = path.join(work, 'job.json');
      const named = { adapter: folder, baseFile: base.file, output, ...(type !== undefined && { type }) };
      await writeFile(job, JSON.stringify(named));
      await runTrainer(trainer, { command, job, signal });
      await rename(output, target);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }
}

/** Where they lie, for all data folders of this machine. */
export function tunedFolder(cacheFolder: string): string {
  return path.join(cacheFolder, 'tuned');
}

/** Marks it as used now, so that whoever clears the cache by age takes others first. */
async function isThere(target: string): Promise<boolean> {
  if ((await stat(target).catch(() => null)) === null) return false;
  const now = new Date();
  await utimes(target, now, now).catch(() => undefined);
  return true;
}

function nameOf({ digest }: Pick<AdapterValue, 'digest'>): string {
  return digest.replace(/^sha256:/, '').slice(0, 32);
}
