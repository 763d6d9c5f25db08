import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodeType } from '@kumiki/node-sdk';
import { nodeTypes } from '@kumiki/nodes';
import { createSecretCipher, openBlobStore } from '@kumiki/store';
import { openTestDatabase } from '@kumiki/store/testing';
import { FakeModelHost } from '@kumiki/testkit';
import { createApplication } from '../application.ts';
import { readConfiguration } from '../configuration.ts';
import { createLog } from '../http/log.ts';
import type { EmbeddedHost } from '../models/embedded-models.ts';
import type { RunEvent } from '../runs/event-log.ts';
import type { TrainerSource } from '../training/trainings.ts';
import { makeWorkbench, type Workbench } from '../workbench.ts';

export type TestAnswer = {
  readonly status: number;
  /** What came as JSON; null where nothing or something else came. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look at single fields, and fail where they are others.
  readonly body: any;
  readonly headers: Headers;
};

export type TestWorkbench = {
  readonly workbench: Workbench;
  readonly host: FakeModelHost;
  readonly folder: string;
  /** As the command line of the same machine, unless `authorization` or a cookie says otherwise. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<TestAnswer>;
  fetch(path: string, options?: RequestInit): Promise<Response>;
  /** All events of a run, once it has ended. */
  followRun(run: string, lastId?: number): Promise<readonly { readonly id: number; readonly event: RunEvent }[]>;
  /** Builds a flow's draft, and gives all events once that has ended. */
  buildFlow(flow: string): Promise<{ readonly run: string; readonly events: readonly RunEvent[] }>;
  close(): Promise<void>;
};

/**
 * The whole server in this process: a database of the kind that the test project asks for, a fake model host, and the
 * node types that there are, with `more`.
 */
export async function openTestWorkbench(
  environment: Record<string, string> = {},
  more: readonly NodeType[] = [],
  parts: { readonly embedded?: Partial<EmbeddedHost>; readonly trainer?: TrainerSource } = {},
): Promise<TestWorkbench> {
  const folder = await mkdtemp(join(tmpdir(), 'kumiki-server-'));
  const host = new FakeModelHost();
  const configuration = readConfiguration(
    { OLLAMA_HOST: '127.0.0.1:9', KUMIKI_CACHE: join(folder, 'cache'), ...environment },
    { currentFolder: folder, defaultDataFolder: folder },
  );
  const workbench = makeWorkbench({
    configuration,
    log: await createLog('silent'),
    store: await openTestDatabase(),
    blobs: await openBlobStore(join(folder, 'blobs')),
    cipher: createSecretCipher(randomBytes(32)),
    nodeTypes: new Map([...nodeTypes, ...more].map((type) => [type.description.type, type])),
    embedded: {
      host,
      isFetching: () => false,
      listCatalogue: async () => [],
      fetch: async () => {},
      fetchUsual: async () => {},
      modelFile: () => Promise.reject(new Error('The test has no model file')),
      findModelFile: async () => null,
      close: async () => {},
      ...parts.embedded,
    },
    trainer: parts.trainer ?? {
      open: () => Promise.reject(new Error('The test has no trainer')),
      find: async () => null,
    },
  });
  const app = createApplication(workbench);
  await workbench.running.startWork();

  async function send(path: string, options: RequestInit = {}): Promise<Response> {
    const headers = new Headers(options.headers);
    if (!headers.has('host')) headers.set('host', '127.0.0.1');
    if (!headers.has('authorization') && !headers.has('cookie')) {
      headers.set('authorization', `Bearer ${workbench.localToken}`);
    }
    if (headers.get('authorization') === 'none') headers.delete('authorization');
    return app.fetch(new Request(new URL(path, 'http://127.0.0.1'), { ...options, headers }));
  }

  const test: TestWorkbench = {
    workbench,
    host,
    folder,
    fetch: send,
    async call(method, path, body, headers = {}) {
      const answer = await send(path, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await answer.text();
      const isJson = /json/.test(answer.headers.get('content-type') ?? '');
      return { status: answer.status, body: isJson ? JSON.parse(text) : null, headers: answer.headers };
    },
    async followRun(run, lastId) {
      const answer = await send(`/api/runs/${run}/events`, {
        headers: lastId === undefined ? {} : { 'last-event-id': String(lastId) },
      });
      return readServerSentEvents(await answer.text()).map(({ id, data }) => ({
        id: Number(id),
        event: JSON.parse(data),
      }));
    },
    async buildFlow(flow) {
      const { run } = (await test.call('POST', `/api/flows/${flow}/builds`, {})).body;
      return { run, events: (await test.followRun(run)).map(({ event }) => event) };
    },
    async close() {
      await workbench.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return test;
}

export type SentEvent = { readonly id: string; readonly event: string; readonly data: string };

/** Server-sent events of a whole stream; comments are left out. */
export function readServerSentEvents(text: string): readonly SentEvent[] {
  return text
    .split('\n\n')
    .map((block) => {
      const read = (name: string) =>
        block
          .split('\n')
          .find((line) => line.startsWith(`${name}: `))
          ?.slice(name.length + 2) ?? '';
      return { id: read('id'), event: read('event'), data: read('data') };
    })
    .filter(({ data }) => data !== '');
}
