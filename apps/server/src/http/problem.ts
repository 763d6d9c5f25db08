import type { Problem } from '@kumiki/flow';
import { KumikiError, reportError } from '@kumiki/node-sdk';
import { HTTPException } from 'hono/http-exception';
import type { z } from 'zod';
import type { problemDetailsSchema } from '../contract/shared.ts';
import { pickLanguage } from './language.ts';

export type ProblemDetails = z.infer<typeof problemDetailsSchema>;

/** A document that is not a flow, with all that is wrong with it. Its own code and text are those of the first problem. */
export class DocumentInvalidError extends KumikiError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const [first] = problems;
    super({
      code: first?.code ?? 'invalid-document',
      status: 422,
      message: first?.message ?? { en: 'This is not a flow.', ja: 'フローではありません。' },
      ...(first?.node == null ? {} : { node: first.node }),
      ...(first === undefined ? {} : { path: first.path }),
    });
    this.problems = problems;
  }
}

const titles: Readonly<Record<number, { readonly en: string; readonly ja: string }>> = {
  400: { en: 'Bad request', ja: '不正なリクエスト' },
  401: { en: 'Not signed in', ja: '認証が必要です' },
  403: { en: 'Not allowed', ja: '許可されていません' },
  404: { en: 'Not found', ja: '見つかりません' },
  405: { en: 'Method not allowed', ja: '使用できないメソッド' },
  409: { en: 'Conflict', ja: '競合' },
  412: { en: 'Changed meanwhile', ja: '更新の競合' },
  413: { en: 'Too large', ja: 'サイズ超過' },
  415: { en: 'Unsupported media type', ja: '未対応の形式' },
  421: { en: 'Wrong host', ja: 'ホストの不一致' },
  422: { en: 'Cannot be processed', ja: '処理できません' },
  428: { en: 'Precondition missing', ja: '前提条件の不足' },
  429: { en: 'Too many requests', ja: 'リクエスト過多' },
  503: { en: 'Not available', ja: '利用できません' },
  507: { en: 'Not enough room', ja: '容量不足' },
};

/** Problem details (RFC 9457) of anything thrown. What is not a KumikiError shows nothing of itself. */
export function describeProblem(error: unknown, acceptLanguage: string | undefined): ProblemDetails {
  const known = error instanceof HTTPException ? describeHttpException(error) : error;
  const report = reportError(known);
  const status = known instanceof KumikiError ? known.status : 500;
  const language = pickLanguage(acceptLanguage);
  const title = titles[status] ?? { en: 'Server error', ja: 'サーバーエラー' };
  return {
    type: `urn:kumiki:problem:${report.code}`,
    title: title[language],
    status,
    detail: report.message[language],
    code: report.code,
    texts: report.message,
    ...(report.node === null ? {} : { node: report.node }),
    ...(report.path === null ? {} : { path: report.path }),
    ...(known instanceof KumikiError && 'problems' in known && Array.isArray(known.problems)
      ? { problems: known.problems }
      : {}),
  };
}

/** Hono itself throws these, for instance where a body is not JSON. */
function describeHttpException(exception: HTTPException): KumikiError {
  return new KumikiError({
    code: exception.status === 400 ? 'invalid-json' : 'refused',
    status: exception.status,
    message:
      exception.status === 400
        ? {
            en: 'The body of the request is not valid JSON. Correct it and send it again.',
            ja: 'リクエストの本文が正しい JSON ではありません。直してから送り直してください。',
          }
        : { en: 'The request was refused.', ja: 'リクエストは拒否されました。' },
  });
}

export function answerProblem(error: unknown, acceptLanguage: string | undefined): Response {
  const problem = describeProblem(error, acceptLanguage);
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      ...describeRetry(problem.status),
    },
  });
}

/** When to come back, where coming back helps. In seconds. */
export function describeRetry(status: number): Record<string, string> {
  return status === 503 ? { 'retry-after': '5' } : {};
}

export function notFound(what: { readonly en: string; readonly ja: string }, code = 'not-found'): KumikiError {
  return new KumikiError({
    code,
    status: 404,
    message: {
      en: `There is no such ${what.en}, or it was deleted.`,
      ja: `指定された${what.ja}は存在しないか、削除されています。`,
    },
  });
}
