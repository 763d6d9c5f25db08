import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import type { App } from './environment.ts';

/** Serves the built editor: files as they are, and its page for every address that is the editor's own. */
export function serveEditor(app: App, folder: string): void {
  const page = join(folder, 'index.html');
  app.use(
    '/*',
    serveStatic({
      root: folder,
      onFound(path, context) {
        // Names of assets carry a hash of their content, so that they can be kept for ever.
        const isHashed = /[/\\]assets[/\\]/.test(path);
        context.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    }),
  );
  app.get('/*', async (context, next) => {
    const isPage = (context.req.header('accept') ?? '').includes('text/html');
    if (!isPage || /^\/(api|v1|health|mcp|metrics)(\/|$)/.test(context.req.path)) return next();
    if (!existsSync(page))
      return context.text('The editor is not built yet. Run: npm run build -w @kumiki/editor\n', 503);
    return context.html(await readFile(page, 'utf8'), 200, { 'cache-control': 'no-cache' });
  });
}
