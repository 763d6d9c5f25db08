import { type BlobStore, KumikiError } from '@kumiki/node-sdk';

/** The largest file that is taken in. Parsing has limits of its own. */
export const largestFile = 256 * 1024 * 1024;

/** Streams a body into the blob store. Throws `file-too-large` (413), `file-empty` (422). */
export async function receiveBody(
  blobs: BlobStore,
  body: ReadableStream<Uint8Array> | null,
  signal: AbortSignal,
): Promise<{ sha256: string; bytes: number }> {
  if (body === null) throw emptyFile();
  const stored = await blobs.put(limitBytes(body), signal);
  if (stored.bytes === 0) throw emptyFile();
  return stored;
}

async function* limitBytes(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.byteLength;
    if (bytes > largestFile) throw tooLarge();
    yield piece;
  }
}

/** Throws `file-too-large` where the request says beforehand that it is. */
export function checkAnnouncedLength(length: string | undefined): void {
  if (length !== undefined && Number(length) > largestFile) throw tooLarge();
}

/** Names are shown, and written to disk on export: so no folders, and nothing that hides. Throws `file-name-invalid`. */
export function checkFileName(name: string): string {
  const clean = name.normalize('NFC');
  if (clean === '.' || clean === '..' || /[/\\]|\p{Cc}/u.test(clean)) {
    throw new KumikiError({
      code: 'file-name-invalid',
      status: 422,
      message: {
        en: 'A file name may not contain slashes, backslashes or control characters. Rename the file.',
        ja: 'ファイル名にスラッシュ、円記号（バックスラッシュ）、制御文字は使えません。名前を変えてください。',
      },
    });
  }
  return clean;
}

/** Sends a stored file as a download: never as a page, since anybody may have written it. */
export async function answerBlob(
  blobs: BlobStore,
  file: { readonly name: string; readonly sha256: string; readonly bytes: number; readonly mediaType: string | null },
  signal: AbortSignal,
): Promise<Response> {
  const body = ReadableStream.from(blobs.read(file.sha256, signal));
  return new Response(body as ReadableStream<Uint8Array>, {
    headers: {
      'content-type': file.mediaType ?? 'application/octet-stream',
      'content-length': String(file.bytes),
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      etag: `"${file.sha256}"`,
    },
  });
}

/** A media type as sent, without parameters; null where the client did not know it. */
export function readMediaType(contentType: string | undefined): string | null {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return /^[\w.+-]+\/[\w.+-]+$/.test(type) && type !== 'application/octet-stream' ? type : null;
}

function emptyFile(): KumikiError {
  return new KumikiError({
    code: 'file-empty',
    status: 422,
    message: {
      en: 'The file is empty, so it was not stored. Choose a file with content.',
      ja: 'ファイルが空のため保存しませんでした。内容のあるファイルを選んでください。',
    },
  });
}

function tooLarge(): KumikiError {
  const megabytes = largestFile / 1024 / 1024;
  return new KumikiError({
    code: 'file-too-large',
    status: 413,
    message: {
      en: `The file is larger than ${megabytes} MiB. Split it, or put it into a folder that the server may read.`,
      ja: `ファイルが ${megabytes} MiB を超えています。分割するか、サーバーが読み取れるフォルダーに置いてください。`,
    },
  });
}
