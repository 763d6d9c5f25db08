import { createAdaptorServer, type ServerType } from '@hono/node-server';
import type { ModelProgress } from '@kumiki/models';
import { KumikiError, reportError } from '@kumiki/node-sdk';
import type { CommandContext } from '../command-line.ts';
import type { Configuration } from '../configuration.ts';
import { releaseYoungGeneration } from '../heap-size.ts';
import { openProgram } from '../open-program.ts';
import { findServer, removeServerRecord, writeServerRecord } from '../server-record.ts';
import type { Workbench } from '../workbench.ts';
import { stopOnSignal } from './stop-on-signal.ts';

/** Starts the server and comes back once it listens; signals stop it. */
export async function startServer(
  { configuration, json }: CommandContext,
  options: { readonly fetchModels: boolean; readonly work: boolean },
): Promise<void> {
  const { dataFolder } = configuration;
  const { workbench, application } = await openProgram(configuration).catch(async (error: unknown) => {
    throw await tellAddress(error, dataFolder);
  });
  let server: ServerType;
  let address: string;
  try {
    server = createAdaptorServer({ fetch: application.fetch });
    address = await listen(server, configuration);
  } catch (error) {
    await workbench.close();
    throw error;
  }
  const record = { address, token: workbench.localToken, pid: process.pid };
  await writeServerRecord(dataFolder, record);

  stopOnSignal(workbench.log, async () => {
    server.close();
    if ('closeIdleConnections' in server) server.closeIdleConnections();
    await removeServerRecord(dataFolder);
    await workbench.close();
  });

  const shown = configuration.editorAddress ?? configuration.publicUrl ?? new URL(address);
  const link = workbench.signInLinks.create(shown.origin);
  process.stdout.write(json ? `${JSON.stringify({ address, link })}\n` : describeStart(address, link));
  try {
    if (options.work) await workbench.running.startWork();
  } catch (error) {
    // A server that takes runs and never executes them would be worse than none.
    server.close();
    await removeServerRecord(dataFolder);
    await workbench.close();
    throw error;
  }
  releaseYoungGeneration();
  if (options.fetchModels) await fetchModels(workbench, json);
}

/** What a first flow needs. Without a network the server runs all the same, with the models of other hosts. */
async function fetchModels({ embedded, log }: Workbench, json: boolean): Promise<void> {
  let shown = '';
  const show = ({ model, step, done, total }: ModelProgress) => {
    const line = `  ${model}: ${step} ${total === 0 ? 0 : Math.floor((done / total) * 10) * 10}%`;
    if (json || line === shown || step === 'checking') return;
    shown = line;
    process.stdout.write(`${line}\n`);
  };
  try {
    await embedded.fetchUsual(show, new AbortController().signal);
    if (shown !== '' && !json)
      process.stdout.write('  The embedded models are ready. / 内蔵のモデルの準備ができました。\n');
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return;
    const { message } = reportError(error);
    log.warn({ error }, 'embedded models');
    if (!json) process.stdout.write(`  ${message.en}\n  ${message.ja}\n`);
  }
}

function describeStart(address: string, link: string): string {
  return [
    '',
    `  Kumiki runs at ${address}`,
    '',
    '  Sign in within 15 minutes by this link; it works once (npx kumiki sign-in prints another).',
    '  次のリンクからサインインしてください（15 分以内、1 回限り。npx kumiki sign-in で再発行できます）。',
    '',
    `  ${link}`,
    '',
    '',
  ].join('\n');
}

function listen(server: ServerType, { host, port }: Configuration): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE' ? refusePort(port) : error.code === 'EADDRNOTAVAIL' ? refuseHost(host) : error,
      );
    });
    server.listen(port, host, () => {
      const address = server.address();
      const actual = typeof address === 'object' && address !== null ? address.port : port;
      const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
      resolve(`http://${name}:${actual}`);
    });
  });
}

/** Whoever starts it twice wants to know where the first one is. */
async function tellAddress(error: unknown, dataFolder: string): Promise<unknown> {
  if (!(error instanceof KumikiError) || error.code !== 'data-folder-in-use') return error;
  const running = await findServer(dataFolder);
  if (running === null) return error;
  return new KumikiError({
    code: error.code,
    status: error.status,
    message: {
      en: `Kumiki runs on this data folder already, at ${running.address} (process ${running.pid}). npx kumiki sign-in prints a sign-in link.`,
      ja: `このデータフォルダーでは、Kumiki がすでに ${running.address}（プロセス ${running.pid}）で動いています。npx kumiki sign-in でサインイン用リンクを表示できます。`,
    },
  });
}

function refusePort(port: number): KumikiError {
  return new KumikiError({
    code: 'port-in-use',
    status: 409,
    message: {
      en: `Port ${port} is in use by another program. Start Kumiki on another one: KUMIKI_PORT=${port + 1} npm start`,
      ja: `ポート ${port} は別のプログラムが使用中です。別のポートで起動してください：KUMIKI_PORT=${port + 1} npm start`,
    },
  });
}

function refuseHost(host: string): KumikiError {
  return new KumikiError({
    code: 'host-unavailable',
    status: 409,
    message: {
      en: `This machine has no address ${host}. Correct KUMIKI_HOST, or leave it out to use 127.0.0.1.`,
      ja: `このマシンに ${host} というアドレスはありません。KUMIKI_HOST を直すか、指定を外して 127.0.0.1 を使ってください。`,
    },
  });
}
