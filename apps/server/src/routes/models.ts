import type { CatalogueEntry, ModelProgress } from '@kumiki/models';
import { type HostModel, KumikiError } from '@kumiki/node-sdk';
import * as contract from '../contract/models.ts';
import type { App } from '../http/environment.ts';
import { type ServerSentEvent, streamEvents } from '../http/event-stream.ts';
import { asArray, describeReport } from '../http/plain.ts';
import { defaultModel } from '../models/embedded-models.ts';
import type { Workbench } from '../workbench.ts';

const listMilliseconds = 5_000;

export function addModelRoutes(app: App, { embedded, hosts, log }: Workbench): void {
  app.openapi(contract.listModelHosts, async (context) => {
    const { workspace } = context.get('caller');
    return context.json({ items: asArray(await hosts.list(workspace)) }, 200);
  });

  app.openapi(contract.addModelHost, async (context) => {
    const { workspace } = context.get('caller');
    const host = context.req.valid('json');
    checkAddress(host.address);
    return context.json(await hosts.add(workspace, host), 201);
  });

  app.openapi(contract.changeModelHost, async (context) => {
    const { workspace } = context.get('caller');
    const host = context.req.valid('json');
    checkAddress(host.address);
    return context.json(await hosts.change(workspace, context.req.valid('param').id, host), 200);
  });

  app.openapi(contract.deleteModelHost, async (context) => {
    const { workspace } = context.get('caller');
    await hosts.remove(workspace, context.req.valid('param').id);
    return context.body(null, 204);
  });

  app.openapi(contract.unloadModelHost, async (context) => {
    const { workspace } = context.get('caller');
    await hosts.unload(workspace, context.req.valid('param').id, limitTime(context.req.raw.signal));
    return context.body(null, 204);
  });

  app.openapi(contract.testModelHost, async (context) => {
    const { workspace } = context.get('caller');
    const { id } = await hosts.find(workspace, context.req.valid('param').id);
    const signal = limitTime(context.req.raw.signal);
    try {
      const host = await hosts.open(workspace, id);
      const models = await host.list(signal);
      return context.json({ reachable: true, models: models.length, error: null }, 200);
    } catch (error) {
      return context.json({ reachable: false, models: 0, error: describeReport(nameTimeout(error, signal)) }, 200);
    }
  });

  app.openapi(contract.listModels, async (context) => {
    const { workspace } = context.get('caller');
    const { purpose, host: only } = context.req.valid('query');
    const signal = limitTime(context.req.raw.signal);
    const entries = (await hosts.list(workspace)).filter(({ id }) => only === undefined || id === only);
    const unreachable: { host: string; error: ReturnType<typeof describeReport> }[] = [];
    const listed = await Promise.all(
      entries.map(async ({ id, kind }) => {
        try {
          const ready = await (await hosts.open(workspace, id)).list(signal);
          const items = ready.map((model) => describeModel(id, model));
          return kind === 'embedded' ? addCatalogue(items, id) : items;
        } catch (error) {
          unreachable.push({ host: id, error: describeReport(nameTimeout(error, signal)) });
          return [];
        }
      }),
    );
    const items = listed.flat().filter(({ purposes }) => purpose === undefined || purposes.includes(purpose));
    return context.json({ items, unreachable }, 200);
  });

  app.openapi(contract.pullModel, async (context) => {
    const { name } = context.req.valid('json');
    if (!(await embedded.listCatalogue()).some((entry) => entry.name === name)) {
      throw new KumikiError({
        code: 'model-unknown',
        status: 404,
        message: {
          en: `The catalogue of embedded models has no “${name}”. Choose one that it lists, or add a model host.`,
          ja: `内蔵のモデルの一覧に「${name}」はありません。一覧から選ぶか、モデルホストを追加してください。`,
        },
      });
    }
    return streamEvents((signal) => tellFetch(name, signal), {
      onFailure: (error) => log.error({ error }, 'model fetch stream failed'),
    });
  });

  async function* tellFetch(name: string, signal: AbortSignal): AsyncGenerator<ServerSentEvent> {
    let latest: ModelProgress | null = null;
    let wake = Promise.withResolvers<void>();
    let end: ServerSentEvent | null = null;
    const fetching = embedded
      .fetch(
        name,
        (progress) => {
          latest = progress;
          wake.resolve();
        },
        signal,
      )
      .then(
        () => {
          end = { event: 'done', data: { name } };
        },
        (error: unknown) => {
          if (!(error instanceof KumikiError)) log.error({ error }, 'model fetch failed');
          end = { event: 'error', data: describeReport(error) };
        },
      )
      .finally(() => wake.resolve());
    while (!signal.aborted) {
      await wake.promise;
      wake = Promise.withResolvers<void>();
      const progress = takeLatest();
      if (progress !== null) {
        yield { event: 'progress', data: { bytes: progress.done, total: progress.total, step: progress.step } };
      }
      if (end !== null) {
        yield end;
        break;
      }
    }
    await fetching;

    function takeLatest(): ModelProgress | null {
      const taken = latest;
      latest = null;
      return taken;
    }
  }

  async function addCatalogue(ready: readonly ListedModel[], host: string): Promise<ListedModel[]> {
    const catalogue = await embedded.listCatalogue();
    const listed = catalogue.map((entry): ListedModel => {
      const known = ready.find(({ name }) => name === entry.name);
      const note = entry.grade === 'small' ? smallNote : null;
      if (known !== undefined) return { ...known, note };
      return {
        ...describeEntry(entry, host),
        note,
        state: embedded.isFetching(entry.name) ? 'fetching' : 'not-fetched',
      };
    });
    return [describeDefault(host), ...listed];
  }
}

/** The choice left to the machine: what a build then finds, or fetches, is what it records. */
function describeDefault(host: string): ListedModel {
  return {
    host,
    name: defaultModel,
    purposes: ['chat'],
    digest: null,
    bytes: null,
    contextLength: null,
    dimensions: null,
    quantisation: null,
    licence: null,
    state: 'ready',
    note: {
      en: 'The best chat model that this machine has or can download. Each build records which one it was.',
      ja: 'このマシンにある、またはダウンロードできる、最も良い対話モデルです。どれを使ったかは構築ごとに記録します。',
    },
  };
}

const smallNote = {
  en: 'Very small: good for trying things out, not for answers that people rely on. For those, add Ollama or another model host.',
  ja: 'とても小さなモデルです。試用には使えますが、実際の回答には向きません。実用には Ollama などのモデルホストを追加してください。',
};

type ListedModel = {
  host: string;
  name: string;
  purposes: ('chat' | 'embedding' | 'rerank')[];
  digest: string | null;
  bytes: number | null;
  contextLength: number | null;
  dimensions: number | null;
  quantisation: string | null;
  licence: string | null;
  state: 'ready' | 'not-fetched' | 'fetching';
  note: { en: string; ja: string } | null;
};

function describeModel(host: string, model: HostModel): ListedModel {
  const { name, purposes, digest, bytes, contextLength, dimensions, quantisation, licence } = model;
  return {
    host,
    name,
    purposes: [...purposes],
    digest,
    bytes,
    contextLength,
    dimensions,
    quantisation,
    licence,
    state: 'ready',
    note: null,
  };
}

function describeEntry(entry: CatalogueEntry, host: string): ListedModel {
  const { name, bytes, sha256, contextLength, quantisation, licence } = entry;
  return {
    host,
    name,
    purposes: [entry.purpose],
    digest: `sha256:${sha256}`,
    bytes,
    contextLength,
    dimensions: entry.embedding?.dimensions ?? null,
    quantisation,
    licence,
    state: 'not-fetched',
    note: null,
  };
}

function limitTime(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(listMilliseconds)]);
}

/**
 * A host that says nothing for so long is down as far as a list is concerned. What was stopped by the signal may throw
 * its reason or an error of its own.
 */
function nameTimeout(error: unknown, { aborted, reason }: AbortSignal): unknown {
  if (!aborted || !(reason instanceof DOMException) || reason.name !== 'TimeoutError') return error;
  return new KumikiError({
    code: 'model-host-down',
    status: 503,
    retryable: true,
    message: {
      en: 'The model host does not answer in time. Check that it runs and is not overloaded.',
      ja: 'モデルホストが時間内に応答しません。起動しているか、負荷が高すぎないかを確認してください。',
    },
    cause: error,
  });
}

function checkAddress(address: string): void {
  const { protocol, username, password } = new URL(address);
  if ((protocol === 'http:' || protocol === 'https:') && username === '' && password === '') return;
  throw new KumikiError({
    code: 'address-invalid',
    status: 422,
    path: '/address',
    message: {
      en: 'The address has to begin with http:// or https:// and may not contain a user or a password. The API key has a field of its own.',
      ja: 'アドレスは http:// または https:// で始め、ユーザー名やパスワードを含めないでください。API キーは別の欄で指定します。',
    },
  });
}
