import { OpenAPIHono } from '@hono/zod-openapi';
import type { Caller } from '../access/caller.ts';
import { refuseInvalidRequest } from './invalid-request.ts';

/** What requests carry on their way. `caller` is set on `/api` and `/v1`, except where anybody may call. */
export type AppEnvironment = { Variables: { caller: Caller } };
export type App = OpenAPIHono<AppEnvironment>;

export function createApp(): App {
  return new OpenAPIHono<AppEnvironment>({
    defaultHook(result) {
      if (!result.success) refuseInvalidRequest(result.error, result.target);
    },
  });
}
