import { constants } from 'node:fs';
import { access, mkdir, statfs } from 'node:fs/promises';
import type { LocalisedText } from '@kumiki/flow';
import { reportError } from '@kumiki/node-sdk';
import type { CommandContext } from '../command-line.ts';
import { type Connection, connect, unwrap } from './connection.ts';
import { exitCodes, ProblemError } from './failure.ts';

type Finding = { readonly check: string; readonly state: 'ok' | 'warning' | 'error'; readonly detail: string };

const littleSpace = 2 * 1024 ** 3;

/** Looks at everything that a flow needs and tells what is missing. Exit code 5 where something is broken. */
export async function examine({ configuration, json }: CommandContext): Promise<void> {
  const findings: Finding[] = [{ check: 'node', state: 'ok', detail: process.version }];
  findings.push(await examineFolder(configuration.dataFolder));
  let connection: Connection | null = null;
  try {
    connection = await connect(configuration);
    const session = await unwrap(connection.client.GET('/api/session'));
    findings.push({ check: 'database', state: 'ok', detail: session.database });
    findings.push(...(await examineModels(connection)));
  } catch (error) {
    findings.push({ check: 'database', state: 'error', detail: readText(error).en });
  } finally {
    await connection?.close();
  }
  if (json) process.stdout.write(`${JSON.stringify({ findings })}\n`);
  else for (const { check, state, detail } of findings) process.stdout.write(`${state.padEnd(8)}${check}: ${detail}\n`);
  if (findings.some(({ state }) => state === 'error')) process.exitCode = exitCodes.unavailable;
}

async function examineFolder(folder: string): Promise<Finding> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    const { bavail, bsize } = await statfs(folder);
    const isTight = bavail * bsize < littleSpace;
    const free = `${folder}, ${Math.floor((bavail * bsize) / 1024 ** 3)} GiB free`;
    return { check: 'data folder', state: isTight ? 'warning' : 'ok', detail: free };
  } catch {
    return { check: 'data folder', state: 'error', detail: `${folder} cannot be written to` };
  }
}

async function examineModels({ client }: Connection): Promise<readonly Finding[]> {
  const { items, unreachable } = await unwrap(client.GET('/api/models'));
  const hosts = await unwrap(client.GET('/api/model-hosts'));
  const ofHosts = hosts.items.map(({ id }): Finding => {
    const failure = unreachable.find(({ host }) => host === id);
    if (failure !== undefined)
      return { check: `models: ${id}`, state: 'error', detail: failure.error?.message.en ?? '' };
    const ready = items.filter(({ host, state }) => host === id && state === 'ready');
    const names = ready.map(({ name }) => name).join(', ');
    return { check: `models: ${id}`, state: ready.length === 0 ? 'warning' : 'ok', detail: names || 'none yet' };
  });
  const hasChat = items.some(({ purposes, state }) => state === 'ready' && purposes.includes('chat'));
  if (hasChat) return ofHosts;
  return [...ofHosts, { check: 'chat model', state: 'warning', detail: 'none is ready; kumiki start downloads one' }];
}

function readText(error: unknown): LocalisedText {
  if (error instanceof ProblemError) return error.problem.texts ?? { en: error.message, ja: error.message };
  return reportError(error).message;
}
