import { join } from 'node:path';
import {
  type AdapterValue,
  type ChatAdapter,
  type ChatModelValue,
  KumikiError,
  type TrainingAccess,
  type TrainingRow,
} from '@kumiki/node-sdk';
import { findNodeStops, insertTunedModel, withNamedErrors } from '@kumiki/store';
import type { RowPreview, TrainerCommandLine } from '@kumiki/training';
import type { Workbench } from '../workbench.ts';
import { EarlyStops } from './early-stops.ts';
import { findBase, findGgufBase } from './find-base.ts';
import { writeCard } from './model-card.ts';

/** Loaded when something is trained or a tuned model is asked: a start waits for none of it. */
const loadTraining = () => import('@kumiki/training');

const dropMilliseconds = 10_000;

/** Of an estimate, which ends with its node and no sooner. */
const never = new AbortController().signal;

export type TrainerSource = {
  /** Makes the trainer ready; `onInstall` is told when that takes an installation. Throws `training-unavailable`. */
  readonly open: (signal: AbortSignal, onInstall: () => void) => Promise<TrainerCommandLine>;
  /** Null where it would have to be installed. */
  readonly find: (signal: AbortSignal) => Promise<TrainerCommandLine | null>;
};

type Parts = Pick<Workbench, 'blobs' | 'configuration' | 'embedded' | 'hosts' | 'log' | 'store' | 'trainer'>;

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

  /**
   * Rows as the base's own template renders them, token by token, in a few seconds. Nobody who only looks waits for an
   * installation or a download. Throws `trainer-not-installed`, `model-not-fetched`, and what `findBase` throws.
   */
  async preview(of: {
    readonly model: ChatModelValue;
    readonly base: string | null;
    readonly rows: readonly TrainingRow[];
    readonly maximumLength: number;
    readonly signal: AbortSignal;
  }): Promise<readonly RowPreview[]> {
    const { model, base: named, rows, maximumLength, signal } = of;
    const { configuration, embedded, trainer: source } = this.#parts;
    const trainer = await source.find(signal);
    if (trainer === null) throw refuseWithoutTrainer();
    const present = {
      listCatalogue: () => embedded.listCatalogue(),
      modelFile: async (name: string) => (await embedded.findModelFile(name)) ?? refuseUnfetched(name),
    };
    const base = await findBase({ embedded: present, folders: configuration.folders }, model, named, signal);
    if (rows.length === 0) return [];
    const { previewRows } = await loadTraining();
    return previewRows(trainer, { base, rows, maximumLength, signal });
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

  /**
   * Takes away what was made of an adapter for hosts, here and at them. What cannot go now stays: it is in nobody's way,
   * and the model that it belonged to is gone.
   */
  async dropAdapter(workspace: string, adapter: AdapterValue): Promise<void> {
    const { hosts, log } = this.#parts;
    const failures = await hosts.dropAdapter(workspace, adapter, AbortSignal.timeout(dropMilliseconds));
    for (const error of failures) log.warn({ error, adapter: adapter.digest }, 'a host kept its copy of a tuned model');
    await (await this.#open()).files.drop(adapter);
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

async function openParts({ blobs, configuration, embedded, trainer }: Parts) {
  const { createTraining, TunedFiles } = await loadTraining();
  const { cacheFolder, dataFolder, folders } = configuration;
  const bind = createTraining({
    cacheFolder,
    workFolder: join(dataFolder, 'trainings'),
    blobs,
    findBase: (model, named, signal) => findBase({ embedded, folders }, model, named, signal),
    openTrainer: trainer.open,
  });
  const files = new TunedFiles({ cacheFolder, blobs, openTrainer: (signal) => trainer.open(signal, () => undefined) });
  return { bind, files };
}

/** The trainer of this installation, in an environment of its own within the cache folder. */
export function findOwnTrainer(cacheFolder: string): TrainerSource {
  const hasGpu = async (signal: AbortSignal) => {
    const { readMachineMemory } = await loadTraining();
    return (await readMachineMemory(signal)).device === 'cuda';
  };
  return {
    async open(signal, onInstall) {
      const { openTrainerProgram } = await loadTraining();
      const onProgress = (step: 'installing' | 'installed') => {
        if (step === 'installing') onInstall();
      };
      return openTrainerProgram({ cacheFolder, hasGpu: await hasGpu(signal), onProgress, signal });
    },
    async find(signal) {
      const { findTrainerProgram } = await loadTraining();
      return findTrainerProgram({ cacheFolder, hasGpu: await hasGpu(signal) });
    },
  };
}

function refuseWithoutTrainer(): KumikiError {
  return new KumikiError({
    code: 'trainer-not-installed',
    status: 409,
    message: {
      en: 'The trainer is not installed yet, and only it knows how the model reads its rows. Build the flow: the trainer is installed by itself (about 5 GB, once). As soon as the training has begun, the rows can be seen here; it can be stopped at any time.',
      ja: '学習プログラムがまだインストールされていないため、モデルが読む形を表示できません。フローを構築すると、自動でインストールされます（約 5 GB、初回のみ）。学習が始まればここで確認でき、学習はいつでも止められます。',
    },
  });
}

function refuseUnfetched(model: string): never {
  throw new KumikiError({
    code: 'model-not-fetched',
    status: 409,
    message: {
      en: `The base model “${model}” is not on this machine yet. Fetch it in the settings of the model node, and look again.`,
      ja: `ベースモデル「${model}」がまだこのマシンにありません。モデルの部品の設定で取得してから、もう一度お試しください。`,
    },
  });
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
