import type { Work } from './model-host.ts';
import type { AdapterValue, ChatMessage, ChatModelValue, DataSetValue, PromptTemplateValue } from './values.ts';

/** One row that a model learns from: rendered, so that nothing is left to say but the model's own chat template. */
export type TrainingRow = {
  readonly id: string;
  readonly messages: readonly ChatMessage[];
  /** Places in `messages` of the answers that count, ascending. All else only gives context. */
  readonly trained: readonly number[];
};

export type TrainingSettings = {
  readonly rank: number;
  readonly alpha: number;
  /** 0…1. */
  readonly dropout: number;
  readonly learningRate: number;
  readonly schedule: 'cosine' | 'linear' | 'constant';
  /** Share of the steps in which the learning rate rises, 0…1. */
  readonly warmup: number;
  readonly epochs: number;
  /** Examples that one step learns from together, over all devices. */
  readonly batchSize: number;
  /** Of an example, in tokens. */
  readonly maximumLength: number;
  /** How often an epoch is evaluated; 0 only at the end. */
  readonly evaluationsPerEpoch: number;
  /** Ends after so many evaluations without a lower loss; 0 never. */
  readonly patience: number;
  readonly seed: number;
  readonly precision: 'auto' | 'float32' | 'bfloat16' | 'float16';
  /** `nf4` holds the base in 4 bits (QLoRA), which needs CUDA. */
  readonly quantisation: 'none' | 'nf4';
};

export type TrainingJob = {
  readonly settings: TrainingSettings;
  readonly train: AsyncIterable<TrainingRow> | Iterable<TrainingRow>;
  readonly evaluation: AsyncIterable<TrainingRow> | Iterable<TrainingRow>;
  /** Asked at each evaluation, so that people see what it answers by now. */
  readonly samplePrompts: readonly (readonly ChatMessage[])[];
  /**
   * Where the weights are, for a model whose digest the catalogue does not know: a folder that the operator lists, or
   * `owner/name@commit` of the hub. Null: found by the model's digest.
   */
  readonly base: string | null;
  /** What the rows were made from, and the template that rendered them: a tuned model remembers both. */
  readonly dataset: Pick<DataSetValue, 'sha256' | 'examples'>;
  readonly prompt: PromptTemplateValue | null;
};

/** What is known of the rows before anything is trained. Lengths are in tokens. */
export type TrainingSize = {
  readonly rows: number;
  readonly tokens: number;
  /** Of all tokens, those that count. */
  readonly trained: number;
  /** The longest row, and most tokens that count in one row. */
  readonly longest: { readonly tokens: number; readonly trained: number };
  readonly evaluation: { readonly rows: number; readonly tokens: number };
};

/** One point of the curves. What was not measured at this step is left out. */
export type TrainingPoint = {
  readonly step: number;
  /** When it was measured, in milliseconds since 1970. */
  readonly at?: number;
  readonly loss?: number;
  readonly evaluationLoss?: number;
  readonly learningRate?: number;
  readonly gradientNorm?: number;
  readonly tokensPerSecond?: number;
  /** Of the trainer and its device, in bytes. */
  readonly memory?: number;
  readonly deviceMemory?: number;
};

/** What a training tells about itself while it goes on. */
export type TrainingReport =
  /** Told first of all. */
  | ({ readonly type: 'estimate' } & TrainingEstimate)
  | {
      readonly type: 'state';
      readonly state: 'installing' | 'preparing' | 'training' | 'saving';
      readonly share: number | null;
    }
  | {
      readonly type: 'plan';
      readonly steps: number;
      readonly resumedFrom: number;
      readonly rows: { readonly train: number; readonly evaluation: number };
    }
  | { readonly type: 'points'; readonly points: readonly TrainingPoint[]; readonly remainingSeconds: number | null }
  | { readonly type: 'samples'; readonly step: number; readonly answers: readonly string[] }
  /** A row that cannot be learnt from: without trained tokens, of a broken order of roles, or too long. */
  | {
      readonly type: 'row-left-out';
      readonly id: string;
      readonly reason: 'no-trained-tokens' | 'role-order' | 'too-long';
    };

export type TrainingEstimate = {
  readonly verdict: 'fits' | 'tight' | 'will-not-fit';
  /**
   * Bytes that it will take at its peak, and what the machine has free for it; `held` is what loaded models occupy besides,
   * and could give back.
   */
  readonly memory: {
    readonly needed: number;
    readonly free: number;
    readonly held: number;
    readonly device: 'cpu' | 'cuda';
  };
  readonly seconds: number;
  readonly steps: number;
};

/** What came of a training. */
/**
 * Joules that this machine took, whatever took them: of a training that has it to itself, its own. Of processors and of
 * GPUs; null: not told.
 */
export type Energy = { readonly processorJoules: number | null; readonly deviceJoules: number | null };

export type Trained = {
  readonly adapter: AdapterValue;
  /** Its losses by step, ascending, also of what was learnt before a crash. Thinned where it is long. */
  readonly curve: readonly Pick<TrainingPoint, 'step' | 'loss' | 'evaluationLoss'>[];
  readonly steps: number;
  /** Loss of the evaluation rows before the first step and of the checkpoint that was kept; null without such rows. */
  readonly evaluationLoss: { readonly before: number; readonly best: number } | null;
  readonly seconds: number;
  readonly rows: { readonly train: number; readonly evaluation: number };
  readonly tokens: { readonly train: number; readonly trained: number };
  /** Why it ended: all epochs, no lower loss for too long, or asked to. */
  readonly stopped: 'complete' | 'early' | 'asked';
  /** What it ran on, for people: the processor's or the GPU's name. */
  readonly hardware: string;
  readonly device: 'cpu' | 'cuda';
  readonly precision: string;
  /** Bytes of the trainer at its peak, where that is known. */
  readonly peakMemory: number | null;
  /** What it cost of processors and of GPUs. */
  readonly work: Work;
  /** Not known of one that went on from a checkpoint: what came before it was another process's. */
  readonly energy: Energy;
};

/**
 * Fine-tunes models on this machine. Errors are KumikiErrors: `training-unavailable` (the trainer cannot be installed
 * here), `model-not-trainable` (nobody knows how to get its weights), `training-out-of-memory`, `training-diverged` (the
 * loss is not a number), `base-damaged`, `chat-template-missing`, `disk-full`, `training-data-empty`,
 * `training-interrupted` (retryable), `training-failed`.
 */
export interface TrainingAccess {
  /** Before anything starts, from the model's shape and the rows' lengths alone. */
  estimate(
    model: ChatModelValue,
    job: Pick<TrainingJob, 'settings' | 'base'> & { readonly size: TrainingSize },
  ): Promise<TrainingEstimate>;
  /**
   * `key` names the training over attempts and crashes: what a checkpoint of the same key holds is gone on from. Aborting
   * stops within a second and keeps the checkpoint; asking to stop early ends with the best one.
   */
  train(
    model: ChatModelValue,
    job: TrainingJob,
    options: { readonly key: string; readonly report: (report: TrainingReport) => void },
  ): Promise<Trained>;
}
