import { KumikiError } from '@kumiki/node-sdk';
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { largestFile } from './file-body.ts';

/** Flow documents are the largest JSON that there is. */
const largestJson = 8 * 1024 * 1024;
/** What the parts of a multipart body may have around the file. */
const multipartMargin = 64 * 1024;

const isStreamed = /^\/api\/(collections\/[^/]+\/files\/|tuned-models$)/;

/**
 * Bodies that are held in memory stay small; a member of a collection and an adapter are streamed, and measured on their way. A body that
 * says its length is not looked at here: Node reads no more than was said, and opening its stream here would keep the
 * routes from the short way of reading it.
 */
export function limitBody(): MiddlewareHandler {
  const limitJson = limitTo(largestJson);
  const limitUpload = limitTo(largestFile + multipartMargin);
  return (context, next) => {
    const { method, path } = context.req;
    if (method === 'GET' || method === 'HEAD' || isStreamed.test(path)) return next();
    return path === '/api/files' ? limitUpload(context, next) : limitJson(context, next);
  };
}

function limitTo(maxSize: number): MiddlewareHandler {
  const measure = bodyLimit({ maxSize, onError: refuseLarge });
  return (context, next) => {
    const length = context.req.header('content-length');
    if (length === undefined || context.req.header('transfer-encoding') !== undefined) return measure(context, next);
    return Number(length) > maxSize ? refuseLarge() : next();
  };
}

function refuseLarge(): never {
  throw new KumikiError({
    code: 'body-too-large',
    status: 413,
    message: {
      en: 'The body of the request is too large. Send less at once; files go to a collection.',
      ja: 'リクエストの本文が大きすぎます。分けて送ってください。ファイルはコレクションにアップロードします。',
    },
  });
}
