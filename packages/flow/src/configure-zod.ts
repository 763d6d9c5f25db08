import { z } from 'zod';

// In a page, zod must not compile its schemas: a strict Content-Security-Policy reports even the attempt.
if ('document' in globalThis) z.config({ jitless: true });
