import { KumikiError } from '@kumiki/node-sdk';
import { z } from 'zod';
import type { CommandContext } from '../command-line.ts';
import { findServer } from '../server-record.ts';
import { ProblemError } from './failure.ts';

/** Prints a new one-time link of the server that holds the data folder. Throws `server-not-running`. */
export async function printSignInLink({ configuration, json }: CommandContext): Promise<void> {
  const server = await findServer(configuration.dataFolder);
  if (server === null) throw refuseNotRunning();
  const answer = await fetch(`${server.address}/api/session/links`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.token}` },
  });
  if (!answer.ok) throw new ProblemError(JSON.parse(await answer.text()));
  const { link } = z.object({ link: z.url() }).parse(await answer.json());
  process.stdout.write(json ? `${JSON.stringify({ link })}\n` : `${link}\n`);
}

function refuseNotRunning(): KumikiError {
  return new KumikiError({
    code: 'server-not-running',
    status: 503,
    message: {
      en: 'No server runs on this data folder. Start it with: npm start (or npx kumiki start)',
      ja: 'このデータフォルダーではサーバーが動いていません。npm start（または npx kumiki start）で起動してください。',
    },
  });
}
