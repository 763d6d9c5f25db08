import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { KumikiError } from '@kumiki/node-sdk';
import { failDamaged, failTooLarge } from './web-errors.ts';

export const acceptedEncodings = 'gzip, deflate, br';

export type BodyLimits = { readonly host: string; readonly maximumBytes: number };

/**
 * An answer's body, unpacked. Reading stops at the first byte beyond the limit, which counts what comes out: a few packed
 * bytes may hold gigabytes. Throws `web-too-large`, `web-answer-damaged`; what breaks the connection passes through.
 */
export async function readBody(
  body: Readable,
  encoding: string | undefined,
  { host, maximumBytes }: BodyLimits,
): Promise<Uint8Array> {
  const unpack = chooseUnpacker(encoding, host);
  const pieces: Buffer[] = [];
  let bytes = 0;
  // The pipeline ends both streams with either; its error reaches the loop below as well.
  const content: Readable = unpack === null ? body : pipeline(body, unpack, () => {});
  try {
    for await (const piece of content) {
      bytes += piece.length;
      if (bytes > maximumBytes) throw failTooLarge(host, maximumBytes);
      pieces.push(piece);
    }
  } catch (error) {
    throw isUnpackingError(error) ? failDamaged(host, error) : error;
  }
  return Buffer.concat(pieces);
}

function chooseUnpacker(encoding: string | undefined, host: string) {
  switch (encoding?.trim().toLowerCase() ?? '') {
    case '':
    case 'identity':
      return null;
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      throw failDamaged(host, new Error(`content-encoding ${encoding}`));
  }
}

function isUnpackingError(error: unknown): boolean {
  if (error instanceof KumikiError || typeof error !== 'object' || error === null || !('code' in error)) return false;
  return typeof error.code === 'string' && /^(?:Z_|ERR__?ERROR_|ERR_BROTLI|ERR_PADDING)/.test(error.code);
}
