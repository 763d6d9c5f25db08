import { describeSettingIssue, formatJsonPointer } from '@kumiki/flow';
import { KumikiError } from '@kumiki/node-sdk';
import type { z } from 'zod';
import { notFound } from './problem.ts';

/** What a body, query or path that does not fit its schema becomes. `source` is where hono found it. */
export function refuseInvalidRequest(error: z.core.$ZodError, source: string): never {
  // A path that fits no route's pattern names something that cannot exist.
  if (source === 'param') throw notFound({ en: 'resource', ja: '対象' });
  const [issue] = error.issues;
  const steps = (issue?.path ?? []).map((step) => (typeof step === 'symbol' ? String(step) : step));
  const name = steps.join('.') || source;
  const description =
    issue === undefined ? { en: 'cannot be read', ja: 'を読み取れません' } : describeSettingIssue(issue);
  throw new KumikiError({
    code: 'invalid-request',
    status: 422,
    path: source === 'json' ? formatJsonPointer(steps) : name,
    message: {
      en: `The request cannot be used: “${name}” ${description.en}.`,
      ja: `リクエストの内容が正しくありません。「${name}」${description.ja}。`,
    },
  });
}
