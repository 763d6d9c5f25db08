import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ChatEvent, EmbedResult, HostModel, KumikiError, ModelHost } from '@kumiki/node-sdk';
import type { CatalogueEntry } from '../catalogue/catalogue.ts';
import { catalogue as wholeCatalogue } from '../catalogue/catalogue.ts';
import { readChatTemplateDigest } from '../catalogue/gguf-metadata.ts';
import { hashModelFile, modelFilePath } from '../catalogue/model-file.ts';
import {
  adapterNotServed,
  hostBusy,
  hostDown,
  hostFailed,
  inputTooLong,
  modelOutOfMemory,
  modelUnknown,
  streamCut,
  wrongPurpose,
} from '../host-errors.ts';
import { untilAborted } from '../until-aborted.ts';
import { CallError, EmbeddedProcess } from './embedded-process.ts';

export type EmbeddedHostOptions = {
  /** Where `ensureLlamaRuntime` has put the runtime, or how to put it there: asked when a model is first used. */
  readonly runtimeFolder: string | (() => Promise<string>);
  /** Where `ensureModel` has put the models. */
  readonly modelsFolder: string;
  readonly catalogue?: readonly CatalogueEntry[];
  /** Threads that write an answer; half of the cores unless said. */
  readonly chatThreads?: number;
  /** Texts that are embedded at the same time, a thread each; up to four cores unless said. */
  readonly embeddingLanes?: number;
  /** After so long without a call a model's contexts are freed; 60 s unless said. */
  readonly idleMilliseconds?: number;
  /** After so long without a call a model's process ends; 15 minutes unless said. */
  readonly unloadMilliseconds?: number;
};

const hostName = 'Kumiki';

const adapterOfAnother = {
  en: 'It belongs to another model, or its file is damaged. Wire the model that it was trained over, or train it again.',
  ja: '別のモデルに対して学習したものか、ファイルが壊れています。学習に使ったモデルにつなぐか、もう一度学習してください。',
};

/**
 * Runs catalogue models by llama.cpp on the processor, each in a process of its own: when native code crashes, open calls end
 * in `model-host-down` (or `model-stream-cut` in the middle of an answer), and the next call starts the process again.
 *
 * Embeds texts of any length: what exceeds the model's context is embedded in windows, and the vector is their mean weighted
 * by tokens. Texts are taken as they are; who needs NFKC normalises before.
 */
export function createEmbeddedHost(options: EmbeddedHostOptions): ModelHost {
  const { modelsFolder, catalogue = wholeCatalogue } = options;
  const processes = new Map<string, Promise<EmbeddedProcess>>();
  const closed = new AbortController();

  const findEntry = (name: string): CatalogueEntry => {
    const entry = catalogue.find((candidate) => candidate.name === name);
    if (entry === undefined) throw modelUnknown(hostName, name);
    return entry;
  };

  const describe = async (entry: CatalogueEntry, signal: AbortSignal): Promise<HostModel | null> => {
    const file = modelFilePath(entry, modelsFolder);
    const sha256 = await hashModelFile(file, signal);
    if (sha256 === null) return null;
    return {
      name: entry.name,
      purposes: [entry.purpose],
      digest: `sha256:${sha256}`,
      bytes: (await stat(file)).size,
      contextLength: entry.contextLength,
      dimensions: entry.embedding?.dimensions ?? null,
      template: entry.purpose === 'chat' ? await readChatTemplateDigest(file) : null,
      quantisation: entry.quantisation,
      licence: entry.licence,
    };
  };

  const startProcess = async (entry: CatalogueEntry): Promise<EmbeddedProcess> => {
    const modelFile = modelFilePath(entry, modelsFolder);
    if ((await stat(modelFile).catch(() => null)) === null) throw modelUnknown(hostName, entry.name);
    const cores = availableParallelism();
    const { runtimeFolder } = options;
    const runtime = typeof runtimeFolder === 'string' ? runtimeFolder : await runtimeFolder();
    const entryPoint = path.join(runtime, 'node_modules', 'node-llama-cpp', 'dist', 'index.js');
    return EmbeddedProcess.start(
      {
        runtime: pathToFileURL(entryPoint).href,
        modelFile,
        chatThreads: options.chatThreads ?? Math.max(1, Math.floor(cores / 2)),
        embeddingLanes: options.embeddingLanes ?? Math.min(4, cores),
        idleMilliseconds: options.idleMilliseconds ?? 60_000,
        unloadMilliseconds: options.unloadMilliseconds ?? 900_000,
      },
      closed.signal,
    );
  };

  /** The model's process: the running one, or a new one. The caller's signal ends its waiting, not the start. */
  const openProcess = async (entry: CatalogueEntry, signal: AbortSignal): Promise<EmbeddedProcess> => {
    closed.signal.throwIfAborted();
    const known = processes.get(entry.name);
    if (known !== undefined) {
      const open = await untilAborted(known, signal);
      if (!open.ended) return open;
    }
    if (processes.get(entry.name) === known) {
      const starting = startProcess(entry);
      processes.set(entry.name, starting);
      starting.catch(() => {
        if (processes.get(entry.name) === starting) processes.delete(entry.name);
      });
    }
    return openProcess(entry, signal);
  };

  const openProcesses = async (): Promise<readonly EmbeddedProcess[]> => {
    const started = await Promise.allSettled(processes.values());
    return started.flatMap((result) => (result.status === 'fulfilled' && !result.value.ended ? [result.value] : []));
  };

  const measureProcesses = async (signal: AbortSignal) => {
    const open = await openProcesses();
    // One that ends in this moment holds nothing any more.
    const ended = { bytes: 0, processorSeconds: 0 };
    const measured = await Promise.all(open.map((process) => process.measure(signal).catch(() => ended)));
    signal.throwIfAborted();
    return measured;
  };

  const call = async <Result>(
    entry: CatalogueEntry,
    signal: AbortSignal,
    work: (open: EmbeddedProcess) => Promise<Result>,
  ): Promise<Result> => {
    try {
      return await work(await openProcess(entry, signal));
    } catch (error) {
      throw error instanceof CallError ? nameFailure(error, entry, false) : error;
    }
  };

  return {
    kind: 'embedded',
    async list(signal) {
      const models = await Promise.all(catalogue.map((entry) => describe(entry, signal)));
      return models.filter((model) => model !== null);
    },
    async inspect(name, signal) {
      const model = await describe(findEntry(name), signal);
      if (model === null) throw modelUnknown(hostName, name);
      return model;
    },
    async *chat(asked, signal) {
      const entry = findEntry(asked.model);
      if (entry.purpose !== 'chat') throw wrongPurpose(hostName, entry.name, 'chat');
      const { adapter: tuning, ...request } = asked;
      const adapter = tuning === undefined ? null : { digest: tuning.digest, file: await tuning.ggufFile(signal) };
      const open = await call(entry, signal, async (process) => process);
      yield* streamChat(open, { entry, request, adapter }, signal);
    },
    async embed({ model, texts }, signal): Promise<EmbedResult> {
      const entry = findEntry(model);
      if (entry.purpose !== 'embedding') throw wrongPurpose(hostName, entry.name, 'embedding');
      return call(entry, signal, async (open) => {
        const { vectors, tokens } = await open.embed(texts, signal);
        const { dimensions } = open.model;
        return {
          vectors: texts.map((_, index) => vectors.slice(index * dimensions, (index + 1) * dimensions)),
          tokens,
        };
      });
    },
    async countTokens(model, texts, signal) {
      return call(findEntry(model), signal, async (open) => (await open.count(texts, signal)).tokens);
    },
    async loaded(signal) {
      const measured = await measureProcesses(signal);
      return { memory: measured.reduce((sum, { bytes }) => sum + bytes, 0), deviceMemory: 0 };
    },
    async worked(signal) {
      const measured = await measureProcesses(signal);
      const processorSeconds = measured.reduce((sum, one) => sum + one.processorSeconds, 0);
      return { processorSeconds, deviceSeconds: 0 };
    },
    async unload() {
      await Promise.all((await openProcesses()).map((process) => process.closeIfIdle()));
    },
    async close() {
      closed.abort(hostDown(hostName));
      const open = await Promise.allSettled(processes.values());
      processes.clear();
      await Promise.all(open.map((result) => (result.status === 'fulfilled' ? result.value.close() : undefined)));
    },
  };
}

/** Turns what the process calls back with into an iteration that ends the writing when it is left early. */
async function* streamChat(
  open: EmbeddedProcess,
  asked: { readonly entry: CatalogueEntry } & Parameters<EmbeddedProcess['chat']>[0],
  signal: AbortSignal,
): AsyncGenerator<ChatEvent> {
  const { entry, ...wanted } = asked;
  const left = new AbortController();
  const texts: string[] = [];
  let wake = (): void => undefined;
  let started = false;
  let finished = false;
  const writing = open
    .chat(
      wanted,
      (text) => {
        texts.push(text);
        wake();
      },
      AbortSignal.any([signal, left.signal]),
    )
    .finally(() => {
      finished = true;
      wake();
    });
  writing.catch(() => undefined);
  try {
    while (!finished || texts.length > 0) {
      const text = texts.splice(0).join('');
      if (text !== '') {
        started = true;
        yield { type: 'delta', text };
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (finished || texts.length > 0) resolve();
        });
      }
    }
    const { reason, usage } = await writing;
    yield { type: 'end', reason, usage };
  } catch (error) {
    throw error instanceof CallError ? nameFailure(error, entry, started) : error;
  } finally {
    left.abort();
  }
}

function nameFailure(error: CallError, entry: CatalogueEntry, started: boolean): KumikiError {
  switch (error.failure) {
    case 'ended':
      return started ? streamCut(hostName, entry.name, error) : hostDown(hostName, error);
    case 'out-of-memory':
      return modelOutOfMemory(hostName, entry.name, error);
    case 'adapter':
      return adapterNotServed(hostName, entry.name, adapterOfAnother, error);
    case 'input-too-long':
      return inputTooLong(hostName, entry.name, error);
    case 'purpose':
      return wrongPurpose(hostName, entry.name, entry.purpose, error);
    case 'busy':
      return hostBusy(hostName, error);
    case 'failed':
      return hostFailed(hostName, entry.name, error.message, error);
  }
}
