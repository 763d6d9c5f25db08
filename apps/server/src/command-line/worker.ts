import { KumikiError } from '@kumiki/node-sdk';
import type { CommandContext } from '../command-line.ts';
import { releaseYoungGeneration } from '../heap-size.ts';
import { stopOnSignal } from './stop-on-signal.ts';

/**
 * Executes queued runs of a database server, on this machine or another, until it is asked to stop. It needs the same
 * DATABASE_URL as the server, its data folder (files lie there) and its secret key. Throws `worker-needs-server`.
 */
export async function startWorker({ configuration, json }: CommandContext): Promise<void> {
  const { databaseUrl } = configuration;
  if (databaseUrl === null) throw refuseEmbedded();
  const [{ openStore }, { openWorkbench }] = await Promise.all([
    import('@kumiki/store/open'),
    import('../workbench.ts'),
  ]);
  const workbench = await openWorkbench(configuration, await openStore({ databaseUrl }), 'worker');
  stopOnSignal(workbench.log, () => workbench.close());
  try {
    await workbench.running.startWork();
  } catch (error) {
    await workbench.close();
    throw error;
  }
  releaseYoungGeneration();
  process.stdout.write(
    json
      ? `${JSON.stringify({ working: true, pid: process.pid })}\n`
      : '  Working on queued runs. Ctrl+C stops. / 待機中の実行を処理しています。Ctrl+C で終了します。\n',
  );
}

function refuseEmbedded(): KumikiError {
  return new KumikiError({
    code: 'worker-needs-server',
    status: 409,
    message: {
      en: 'Workers of their own need a Postgres server: set DATABASE_URL to the one that the server uses. With the embedded database, the server does the work itself.',
      ja: '独立したワーカーには Postgres サーバーが必要です。サーバーと同じ DATABASE_URL を設定してください。内蔵のデータベースでは、サーバー自身が実行を処理します。',
    },
  });
}
