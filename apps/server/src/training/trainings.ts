import { join } from 'node:path';
import { type AdapterValue, type ChatAdapter, KumikiError, type TrainingAccess } from '@kumiki/node-sdk';
import { findNodeStops, insertTunedModel, withNamedErrors } from '@kumiki/store';
import type { TrainerCommandLine } from '@kumiki/training';
import type { Workbench } from '../workbench.ts';
import { EarlyStops } from './early-stops.ts';
import { findBase, findGgufBase } from './find-base.ts';
import { writeCard } from './model-card.ts';

/** Loaded when something is trained or a tuned model is asked: a start waits for none of it. */
const loadTraining = () => import('@kumiki/training');

/** Of an estimate, which ends with its node and no sooner. */
const never = new AbortController().signal;

/** Makes the trainer ready; `onInstall` is told when that takes an installation. */
export type OpenTrainer = (signal: AbortSignal, onInstall: () => void) => Promise<TrainerCommandLine>;

type Parts = Pick<Workbench, 'blobs' | 'configuration' | 'embedded' | 'hosts' | 'log' | 'openTrainer' | 'store'>;

type Binding = {
  readonly workspace: string;
  readonly run: string;
  readonly node: string;
  readonly signal: AbortSignal;
};

/** The trainer of this machine, and what it leaves behind. */
export class Trainings {
  readonly stops: EarlyStops;
  readonly #parts: Parts;
  readonly #open: () => ReturnType<typeof openParts>;

  constructor(parts: Parts) {
    this.#parts = parts;
    const { database } = parts.store;
    this.stops = new EarlyStops(
      (runs) => findNodeStops(database, runs),
      (error) => parts.log.warn({ error }, 'looking for nodes that shall end early failed'),
    );
    let opened: ReturnType<typeof openParts> | null = null;
    this.#open = () => {
      opened ??= openParts(parts);
      return opened;
    };
  }

  /** What a node trains by. What comes of a training is kept as a tuned model before the node hears of it. */
  bind({ workspace, run, node, signal }: Binding): TrainingAccess {
    return {
      estimate: async (model, job) => {
        const { bind } = await this.#open();
        const [estimate, held] = await Promise.all([
          bind({ signal, stop: never }).estimate(model, job),
          this.#parts.hosts.findHeldMemory(workspace, signal),
        ]);
        const { memory } = estimate;
        // On a machine without a card, some hosts count its memory as one.
        const ofDevice = memory.device === 'cuda' ? held.deviceMemory : held.memory + held.deviceMemory;
        return { ...estimate, memory: { ...memory, held: ofDevice } };
      },
      train: async (model, job, options) => {
        const { bind } = await this.#open();
        const watch = this.stops.watch(run, node);
        try {
          const trained = await bind({ signal, stop: watch.signal }).train(model, job, options);
          const { adapter } = trained;
          const { host, name, digest, template, contextLength } = model;
          const card = writeCard({ model, job, trained, licence: await this.findLicence(adapter.base) });
          await withNamedErrors(() =>
            insertTunedModel(this.#parts.store.database, {
              ...{ workspace, origin: 'trained', adapter, run, node, card },
              base: { host, name, digest, template, contextLength },
            }),
          );
          return trained;
        } finally {
          watch.close();
        }
      },
    };
  }

  /** An adapter in whatever form its host takes it, made when that is asked for. */
  openAdapter(adapter: AdapterValue): ChatAdapter {
    const { digest, base } = adapter;
    return {
      digest,
      base,
      ggufFile: async (signal) => {
        const file = await this.#findBaseFile(base, signal);
        return (await this.#open()).files.gguf(adapter, file, signal);
      },
      mergedFile: async (type, signal) => {
        const file = await this.#findBaseFile(base, signal);
        return (await this.#open()).files.merged(adapter, file, type, signal);
      },
      peftFolder: async (signal) => (await this.#open()).files.folder(adapter, signal),
    };
  }

  /** Of the catalogue's model with this digest; null where it is not one of the catalogue's. */
  async findLicence(digest: string): Promise<string | null> {
    const catalogue = await this.#parts.embedded.listCatalogue();
    return catalogue.find(({ sha256 }) => `sha256:${sha256}` === digest)?.licence ?? null;
  }

  async #findBaseFile(digest: string, signal: AbortSignal) {
    const base = await findGgufBase(this.#parts, digest, signal);
    if (base === null) throw refuseConversion();
    return base;
  }
}

async function openParts({ blobs, configuration, embedded, openTrainer }: Parts) {
  const { createTraining, TunedFiles } = await loadTraining();
  const { cacheFolder, dataFolder, folders } = configuration;
  const bind = createTraining({
    cacheFolder,
    workFolder: join(dataFolder, 'trainings'),
    blobs,
    findBase: (model, named, signal) => findBase({ embedded, folders }, model, named, signal),
    openTrainer,
  });
  const files = new TunedFiles({ cacheFolder, blobs, openTrainer: (signal) => openTrainer(signal, () => undefined) });
  return { bind, files };
}

/** The trainer of this installation, in an environment of its own within the cache folder. */
export function openOwnTrainer(cacheFolder: string): OpenTrainer {
  return async (signal, onInstall) => {
    const { openTrainerProgram, readMachineMemory } = await loadTraining();
    const hasGpu = (await readMachineMemory(signal)).device === 'cuda';
    const onProgress = (step: 'installing' | 'installed') => {
      if (step === 'installing') onInstall();
    };
    return openTrainerProgram({ cacheFolder, hasGpu, onProgress, signal });
  };
}

function refuseConversion(): KumikiError {
  return new KumikiError({
    code: 'adapter-not-served',
    status: 422,
    message: {
      en: 'The tuned model can only be served by a host that loads PEFT adapters (such as vLLM), since the file of its base is not one of the catalogue’s.',
      ja: 'この調整済みモデルのベースは内蔵モデルの一覧にないため、PEFT アダプターを読み込めるホスト（vLLM など）でのみ使えます。',
    },
  });
}
