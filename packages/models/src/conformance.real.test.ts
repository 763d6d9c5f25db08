import { execFileSync } from 'node:child_process';
import type { ChatEvent, ChatRequest, ModelHost } from '@kumiki/node-sdk';
import { KumikiError } from '@kumiki/node-sdk';
import { cacheFolder } from '@kumiki/testkit/cache-folder';
import type { ServerProcess } from '@kumiki/testkit/model-servers';
import { findFreePort, startLlamaServer, startOllama } from '@kumiki/testkit/model-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { multilingualE5Small, smolLm2 } from './catalogue/catalogue.ts';
import { ensureModel } from './catalogue/ensure-model.ts';
import { createEmbeddedHost } from './embedded/embedded-host.ts';
import { ensureLlamaRuntime } from './embedded/ensure-llama-runtime.ts';
import { createOllamaHost } from './ollama-host.ts';
import { createOpenAiCompatibleHost } from './openai-compatible-host.ts';

/** What one kind of host is and tells; all else is the same for all. */
type Subject = {
  readonly chat: ModelHost;
  readonly embedding: ModelHost;
  /** Digest of the chat model, as a pattern; null where the host tells none. */
  readonly digest: RegExp | null;
  /** Whether it counts tokens, and whether it embeds texts of any length. */
  readonly countsTokens: boolean;
  readonly embedsAnyLength: boolean;
  /** Kills what writes answers. */
  killRunner(): void;
  stop(): Promise<void>;
};

const models = cacheFolder('models');

async function startEmbedded(): Promise<Subject> {
  const runtimeFolder = await ensureLlamaRuntime({ cacheFolder: cacheFolder() });
  const host = createEmbeddedHost({ runtimeFolder, modelsFolder: models, chatThreads: 1, embeddingLanes: 2 });
  return {
    chat: host,
    embedding: host,
    digest: new RegExp(`^sha256:${smolLm2.sha256}$`),
    countsTokens: true,
    embedsAnyLength: true,
    killRunner: () => killChildren(process.pid, 'embedded-worker'),
    stop: () => host.close(),
  };
}

async function startRealOllama(): Promise<Subject> {
  const server = await startOllama({
    models: await Promise.all(
      [smolLm2, multilingualE5Small].map(async (entry) => ({
        name: entry.name,
        sha256: entry.sha256,
        file: await ensureModel(entry, { folder: models }),
      })),
    ),
  });
  const host = createOllamaHost({ address: server.address });
  return {
    chat: host,
    embedding: host,
    digest: /^sha256:[0-9a-f]{64}$/,
    countsTokens: false,
    embedsAnyLength: false,
    killRunner: () => killChildren(server.pid, 'llama-server'),
    stop: async () => {
      await host.close();
      await server.stop();
    },
  };
}

async function startRealLlamaServers(): Promise<Subject> {
  const [chatFile, embeddingFile] = await Promise.all([
    ensureModel(smolLm2, { folder: models }),
    ensureModel(multilingualE5Small, { folder: models }),
  ]);
  const start = async (): Promise<ServerProcess> => startLlamaServer({ model: chatFile, name: smolLm2.name, apiKey });
  let chatServer = await start();
  const apiKeyless = await startLlamaServer({ model: embeddingFile, name: multilingualE5Small.name, embeddings: true });
  const chat = createOpenAiCompatibleHost({ address: chatServer.address, apiKey });
  const embedding = createOpenAiCompatibleHost({ address: `${apiKeyless.address}/v1/` });
  return {
    chat,
    embedding,
    digest: null,
    countsTokens: true,
    embedsAnyLength: false,
    killRunner: () => process.kill(chatServer.pid, 'SIGKILL'),
    stop: async () => {
      await Promise.all([chat.close(), embedding.close(), chatServer.stop(), apiKeyless.stop()]);
    },
  };
}

const apiKey = 'a key for the test';
