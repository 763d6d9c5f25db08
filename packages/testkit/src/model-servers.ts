import { constants, copyFile, link, mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cacheFolder } from './cache-folder.ts';
import { ensureLlamaServer, ensureOllama } from './install-model-servers.ts';
import type { ServerProcess } from './server-process.ts';
import { startServerProcess } from './server-process.ts';

export type { ServerProcess } from './server-process.ts';
export { findFreePort } from './server-process.ts';

/** Fetches or builds the model servers that real tests need. Does nothing where they are there. */
export async function prepareModelServers(): Promise<void> {
  await ensureLlamaServer();
  await ensureOllama();
}

/** A GGUF file that Ollama is to have, by its name there. */
export type OllamaModel = {
  readonly name: string;
  readonly file: string;
  /** SHA-256 of the file, hex. */
  readonly sha256: string;
};

export type OllamaOptions = {
  readonly models?: readonly OllamaModel[];
  /** Such as `{ OLLAMA_NUM_PARALLEL: '1', OLLAMA_MAX_QUEUE: '1' }`. */
  readonly environment?: Readonly<Record<string, string>>;
};

/** Starts a real Ollama of its own: own port, own models, own home, one thread per model. */
export async function startOllama({ models = [], environment = {} }: OllamaOptions = {}): Promise<ServerProcess> {
  const program = await ensureOllama();
  const folder = await mkdtemp(path.join(tmpdir(), 'kumiki-ollama-'));
  const server = await startServerProcess({
    program,
    parameters: () => ['serve'],
    environment: (port) => ({
      HOME: folder,
      OLLAMA_HOST: `127.0.0.1:${port}`,
      OLLAMA_MODELS: path.join(folder, 'models'),
      OLLAMA_NO_CLOUD: '1',
      OLLAMA_NOPRUNE: '1',
      OLLAMA_NUM_PARALLEL: '2',
      OLLAMA_KEEP_ALIVE: '10m',
      ...environment,
    }),
    readyPath: '/api/version',
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    for (const model of models) await createModel(server.address, path.join(folder, 'models'), model);
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...server, stop };
}

async function createModel(address: string, store: string, { name, file, sha256 }: OllamaModel): Promise<void> {
  // A link instead of an upload: half a gigabyte need not be written for every test file.
  const own = await copyOnce(file, sha256);
  const blob = path.join(store, 'blobs', `sha256-${sha256}`);
  await mkdir(path.dirname(blob), { recursive: true });
  await link(own, blob).catch(() => copyFile(own, blob));
  const response = await fetch(`${address}/api/create`, {
    method: 'POST',
    body: JSON.stringify({
      model: name,
      files: { [`${name}.gguf`]: `sha256:${sha256}` },
      parameters: { num_thread: 1 },
      stream: false,
    }),
  });
  const said = await response.text();
  if (!response.ok || said.includes('"error"')) throw new Error(`Ollama did not take ${name}: ${said}`);
}

/** Ollama sets the time of its blobs, at which everybody else would hash a shared file again; so it gets its own copy. */
async function copyOnce(file: string, sha256: string): Promise<string> {
  const own = cacheFolder('ollama-blobs', sha256);
  if ((await stat(own).catch(() => null)) !== null) return own;
  const temporary = `${own}.${process.pid}`;
  await mkdir(path.dirname(own), { recursive: true });
  await copyFile(file, temporary, constants.COPYFILE_FICLONE);
  await rename(temporary, own);
  return own;
}

export type LlamaServerOptions = {
  /** A GGUF file. */
  readonly model: string;
  /** The name under which it serves the model. */
  readonly name: string;
  readonly embeddings?: boolean;
  readonly apiKey?: string;
  /** GGUF LoRA files, loaded at strength 0: a request says which of them it wants. */
  readonly adapters?: readonly string[];
  /** Requests that it handles at the same time; each gets `contextLength` tokens. */
  readonly parallel?: number;
  readonly contextLength?: number;
};

/** Starts a real llama-server with one model and one thread. */
export async function startLlamaServer(options: LlamaServerOptions): Promise<ServerProcess> {
  const { parallel = 2, contextLength = 2048, adapters = [] } = options;
  const program = await ensureLlamaServer();
  return startServerProcess({
    program,
    parameters: (port) => [
      ...['--host', '127.0.0.1', '--port', `${port}`, '--model', options.model, '--alias', options.name],
      ...['--threads', '1', '--threads-batch', '1', '--parallel', `${parallel}`],
      ...['--ctx-size', `${contextLength * parallel}`, '--offline', '--no-webui', '--no-mmap'],
      ...(options.embeddings === true ? ['--embeddings'] : []),
      ...(adapters.length === 0 ? [] : ['--lora-scaled', adapters.map((file) => `${file}:0`).join(',')]),
      ...(options.apiKey === undefined ? [] : ['--api-key', options.apiKey]),
    ],
    environment: () => ({}),
    readyPath: '/health',
  });
}
