import { buffer } from 'node:stream/consumers';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import type { ParseLimits } from './limits.ts';

/** Thrown where a container unpacks to more than its limits, whatever its directory says. */
export class ZipTooLarge extends Error {}
export class ZipEncrypted extends Error {}

/** A zip container, opened within limits. Nothing is unpacked before it is asked for; containers inside stay closed. */
export class ZipContainer {
  readonly #zip: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #limits: ParseLimits;
  #unpacked = 0;

  private constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>, limits: ParseLimits) {
    this.#zip = zip;
    this.#entries = entries;
    this.#limits = limits;
  }

  /** Throws ZipTooLarge for too many entries or a directory that promises too much, any other error for damage. */
  static async open(content: Uint8Array, limits: ParseLimits): Promise<ZipContainer> {
    const source = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
    const zip = await fromBufferPromise(source, { lazyEntries: true, validateEntrySizes: true });
    if (zip.entryCount > limits.zipEntries) throw new ZipTooLarge();
    const entries = new Map<string, Entry>();
    let promised = 0;
    for await (const entry of zip.eachEntry()) {
      entries.set(entry.fileName, entry);
      promised += entry.uncompressedSize;
      if (entries.size > limits.zipEntries || promised > limits.unpackedBytes) throw new ZipTooLarge();
    }
    return new ZipContainer(zip, entries, limits);
  }

  get names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** Unpacks one member; null where there is none of that name. Sizes that lie are damage: the stream is checked. */
  async read(name: string): Promise<Uint8Array | null> {
    const entry = this.#entries.get(name);
    if (entry === undefined) return null;
    if (entry.isEncrypted()) throw new ZipEncrypted();
    this.#unpacked += entry.uncompressedSize;
    if (this.#unpacked > this.#limits.unpackedBytes) throw new ZipTooLarge();
    return buffer(await this.#zip.openReadStreamPromise(entry));
  }

  /** An XML member as text; XML says of itself what it is encoded in, and office programs write UTF-8. */
  async readXml(name: string): Promise<string | null> {
    const bytes = await this.read(name);
    return bytes === null ? null : new TextDecoder(isUtf16(bytes) ? 'utf-16le' : 'utf-8').decode(bytes);
  }
}

function isUtf16(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xfe;
}
