import type { MiddlewareHandler } from 'hono';
import type { DiskRoom } from '../disk-room.ts';

/** What writes little, and is needed to make room again. */
const isAlwaysAllowed = /^\/api\/(session|forget|artifacts\/collect)$|\/(cancel|stop)$/;

/** Refuses what would be written, questions with their records included, while the disk has no room for it. */
export function requireRoom(room: DiskRoom): MiddlewareHandler {
  return async (context, next) => {
    const { method, path } = context.req;
    if ((method === 'POST' || method === 'PUT') && !isAlwaysAllowed.test(path)) {
      room.check(Number(context.req.header('content-length') ?? 0));
    }
    await next();
  };
}
