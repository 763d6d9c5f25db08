import type { HonoRequest } from 'hono';
import { idempotencyKeySchema, z } from '../contract/shared.ts';
import { refuseInvalidRequest } from './invalid-request.ts';

const name = 'idempotency-key';
const headersSchema = z.object({ [name]: idempotencyKeySchema });

/** The key that a request carries, if it does. Throws `invalid-request` (422) where it is empty or too long. */
export function readIdempotencyKey(request: HonoRequest): string | undefined {
  const key = request.header(name);
  if (key === undefined) return undefined;
  const parsed = headersSchema.safeParse({ [name]: key });
  return parsed.success ? parsed.data[name] : refuseInvalidRequest(parsed.error, 'header');
}
