import { english } from '../i18n/english.ts';
import { japanese } from '../i18n/texts.ts';
import { ApiError, readProblem } from './problem.ts';

export type Upload = {
  readonly collection: string;
  readonly name: string;
  readonly file: Blob;
  /** Told the part that has been sent, from 0 to 1. */
  readonly onProgress: (sent: number) => void;
  readonly signal: AbortSignal;
};

/** Puts a file into a collection, over one of the same name. */
export function uploadFile({ collection, name, file, onProgress, signal }: Upload): Promise<void> {
  return sendFile({
    method: 'PUT',
    address: `/api/collections/${encodeURIComponent(collection)}/files/${encodeURIComponent(name)}`,
    mediaType: file.type === '' ? 'application/octet-stream' : file.type,
    ...{ file, onProgress, signal },
  });
}

type SentFile = Pick<Upload, 'file' | 'onProgress' | 'signal'> & {
  readonly method: 'PUT' | 'POST';
  readonly address: string;
  readonly mediaType: string;
};

/**
 * Sends the bytes of a file. By XMLHttpRequest, since fetch does not tell how much has been sent. Rejects with an
 * `ApiError`, or an `AbortError` when the signal aborts.
 */
export function sendFile({ method, address, mediaType, file, onProgress, signal }: SentFile): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    request.open(method, address);
    request.setRequestHeader('Content-Type', mediaType);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total);
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve();
      else reject(readProblem(parseJson(request.responseText), request.status));
    };
    request.onerror = () =>
      reject(
        new ApiError({
          code: 'unreachable',
          status: 0,
          texts: { en: english.common.unreachable, ja: japanese.common.unreachable },
        }),
      );
    request.onabort = () => reject(new DOMException('Aborted', 'AbortError'));
    request.onloadend = () => signal.removeEventListener('abort', abort);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) request.abort();
    else request.send(file);
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
