import { OpenAPIHono } from '@hono/zod-openapi';
import type { Caller } from '../access/caller.ts';
import type { Corkable } from './event-stream.ts';
import { refuseInvalidRequest } from './invalid-request.ts';

type Outgoing = { readonly socket: Corkable | null; setHeader(name: string, value: string): void };

/** What requests carry on their way. `caller` is set on `/api` and `/v1`, except where anybody may call. */
export type AppEnvironment = {
  Variables: { caller: Caller };
  /** Of the HTTP server. A test that asks the application itself has none, and no `env` at all. */
  Bindings: { readonly outgoing?: Outgoing };
};
export type App = OpenAPIHono<AppEnvironment>;

export function createApp(): App {
  return new OpenAPIHono<AppEnvironment>({
    defaultHook(result) {
      if (!result.success) refuseInvalidRequest(result.error, result.target);
    },
  });
}
