import type { ProblemDetails } from './problem.ts';

/** Routes that speak OpenAI's language answer errors in it too. */
export function isOpenAiRoute(path: string): boolean {
  return path === '/v1/models' || path.startsWith('/v1/models/') || path.startsWith('/v1/chat/');
}

export function describeOpenAiError(problem: ProblemDetails) {
  const { status, detail, code, path } = problem;
  return { error: { message: detail, type: nameType(status), param: path ?? null, code } };
}

function nameType(status: number): string {
  if (status === 401) return 'authentication_error';
  if (status === 403) return 'permission_error';
  if (status === 429) return 'rate_limit_error';
  return status < 500 ? 'invalid_request_error' : 'api_error';
}
