import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

/** Bytes of fixed-size values, by type number of the GGUF specification (version 3). */
const fixedSizes: ReadonlyMap<number, number> = new Map([
  [0, 1],
  [1, 1],
  [2, 2],
  [3, 2],
  [4, 4],
  [5, 4],
  [6, 4],
  [7, 1],
  [10, 8],
  [11, 8],
  [12, 8],
]);
const stringType = 8;
const arrayType = 9;
const templateKey = 'tokenizer.chat_template';

/** `sha256:…` of the chat template in a GGUF file, or null where it has none or is no GGUF file. */
export async function readChatTemplateDigest(file: string): Promise<string | null> {
  const template = await readChatTemplate(file).catch(() => null);
  return template === null ? null : `sha256:${createHash('sha256').update(template).digest('hex')}`;
}

/** Reads metadata from the front until the template comes; what is passed over is read but never kept. */
async function readChatTemplate(file: string): Promise<string | null> {
  const reader = await openReader(file);
  try {
    if ((await reader.take(4)).toString('latin1') !== 'GGUF') return null;
    await reader.take(4 + 8); // version, number of tensors
    const entries = await reader.uint64();
    for (let index = 0; index < entries; index += 1) {
      const key = (await reader.take(await reader.uint64())).toString('utf8');
      const type = await reader.uint32();
      if (key === templateKey && type === stringType)
        return (await reader.take(await reader.uint64())).toString('utf8');
      await skipValue(reader, type);
    }
    return null;
  } finally {
    await reader.close();
  }
}

type Reader = Awaited<ReturnType<typeof openReader>>;

async function skipValue(reader: Reader, type: number): Promise<void> {
  if (type === stringType) {
    await reader.take(await reader.uint64());
    return;
  }
  if (type === arrayType) {
    const elementType = await reader.uint32();
    const length = await reader.uint64();
    const size = fixedSizes.get(elementType);
    if (size !== undefined) reader.skip(length * size);
    else for (let index = 0; index < length; index += 1) await skipValue(reader, elementType);
    return;
  }
  const size = fixedSizes.get(type);
  if (size === undefined) throw new Error(`Unknown GGUF value type ${type}.`);
  reader.skip(size);
}

const blockLength = 1 << 20;

async function openReader(file: string) {
  const handle = await open(file);
  let block = Buffer.alloc(0);
  let blockStart = 0;
  let position = 0;

  const take = async (length: number): Promise<Buffer> => {
    const start = position - blockStart;
    if (start < 0 || start + length > block.length) {
      block = Buffer.alloc(Math.max(blockLength, length));
      const { bytesRead } = await handle.read(block, 0, block.length, position);
      block = block.subarray(0, bytesRead);
      blockStart = position;
      if (length > bytesRead) throw new Error('The GGUF file is cut short.');
    }
    position += length;
    return block.subarray(position - length - blockStart, position - blockStart);
  };

  return {
    take,
    skip(length: number): void {
      position += length;
    },
    uint32: async () => (await take(4)).readUInt32LE(),
    uint64: async () => Number((await take(8)).readBigUInt64LE()),
    close: () => handle.close(),
  };
}
