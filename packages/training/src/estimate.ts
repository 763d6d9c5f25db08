import type { TrainingEstimate, TrainingSettings, TrainingSize } from '@kumiki/node-sdk';
import type { MachineMemory } from './machine-memory.ts';
import { countAdapterParameters, type ModelShape } from './model-shape.ts';

export type Precision = 'float32' | 'bfloat16' | 'float16';

export type EstimateInput = {
  readonly shape: ModelShape;
  readonly settings: TrainingSettings;
  readonly size: TrainingSize;
  readonly precision: Precision;
  readonly machine: Pick<MachineMemory, 'device' | 'free'>;
  /** Whether the base has to be converted from GGUF first, which happens in the memory of the machine. */
  readonly converts: boolean;
  /** Floating-point operations a second that a training here gets through. */
  readonly speed: number;
};

/**
 * Memory and time of a training, from shape and lengths alone. docs/training-estimate.md has the formula, where each term
 * comes from, and how it compares with what was measured.
 */
export function estimateTraining(input: EstimateInput): TrainingEstimate {
  const { machine, speed } = input;
  const needed = estimateMemory(input);
  const { operations, steps } = countOperations(input);
  return {
    verdict: judge(needed, machine.free),
    memory: { needed, free: machine.free, held: 0, device: machine.device },
    seconds: Math.ceil(startSeconds + operations / speed),
    steps,
  };
}

/** Below this share of what is free it fits; above it the system and other programs have hardly any room left. */
const tightFrom = 0.8;

function judge(needed: number, free: number): TrainingEstimate['verdict'] {
  if (needed > free) return 'will-not-fit';
  return needed > free * tightFrom ? 'tight' : 'fits';
}

const bytesOf = { float32: 4, bfloat16: 2, float16: 2 } as const;
/** Four bits and the scale of each block. */
const nf4Bytes = 0.55;
/** Python, torch and transformers themselves. */
const programBytes = 600 * 2 ** 20;
/** A float32 copy, its gradient, and Adam's two moments, for each number that is trained. */
const trainedBytes = 16;
/** Logits in float32, their log-softmax, and the gradient; where the model computes in fewer bytes, both in those as well. */
const logitBytes = { float32: 12, bfloat16: 16, float16: 16 } as const;
/** The bare sum was 4 to 19% under what was measured: fragments, buffers of libraries, copies at the peak. */
const margin = 1.25;

/** Tokens that the trainer computes at a time, filling included; a longer row makes a part alone. */
const partTokens = { cpu: 512, cuda: 8_192 } as const;
/** Of what is free besides the weights; where the activations of the longest row take more, they are computed twice. */
const shareForActivations = 0.6;

/** Bytes at the peak, which for small models is that of the conversion before. */
export function estimateMemory(input: EstimateInput): number {
  const { converts, machine } = input;
  const training = estimateTrainingMemory(input);
  return converts && machine.device === 'cpu' ? Math.max(training, estimateConversionMemory(input)) : training;
}

/** All weights in float32 as they were read, the model that they go into, and the largest table twice on its way. */
function estimateConversionMemory({ shape, precision }: EstimateInput): number {
  const table = shape.vocabulary * shape.hidden;
  return Math.ceil(programBytes + shape.parameters * (4 + bytesOf[precision]) + table * 8);
}

function estimateTrainingMemory({ shape, settings, size, precision, machine }: EstimateInput): number {
  const computed = bytesOf[precision];
  const linear = shape.parameters - shape.embedding;
  const weights =
    settings.quantisation === 'nf4' ? linear * nf4Bytes + shape.embedding * 2 : (linear + shape.embedding) * computed;
  const adapter = countAdapterParameters(shape, settings.rank) * trainedBytes;
  const { tokens, trained } = findLargestPart(size, settings, machine.device);
  const layer = (24 * shape.hidden + 8 * shape.feedForward) * computed;
  const room = (machine.free - programBytes - weights) * shareForActivations;
  const longest = Math.min(size.longest.tokens, settings.maximumLength);
  const recomputes = longest * shape.layers * layer > room;
  const activations = tokens * (recomputes ? shape.layers * shape.hidden * computed + layer : shape.layers * layer);
  const logits = trained * shape.vocabulary * logitBytes[precision];
  return Math.ceil((programBytes + weights + adapter + activations + logits) * margin);
}

/** A part is one long row, or as many short ones as go into it. Rows that are longer than the settings allow are left out. */
function findLargestPart(size: TrainingSize, { maximumLength, batchSize }: TrainingSettings, device: 'cpu' | 'cuda') {
  const longest = Math.min(size.longest.tokens, maximumLength);
  const tokens = Math.max(longest, Math.min(partTokens[device], batchSize * longest));
  const share = size.tokens === 0 ? 0 : size.trained / size.tokens;
  return { tokens, trained: Math.min(tokens, Math.max(size.longest.trained, Math.ceil(tokens * share))) };
}

/** Loading the program and the model; measured at 10 to 20 s for models of up to half a billion. */
const startSeconds = 15;

/**
 * Of one token that is learnt from: two for each weight forwards, and two more backwards to what lies below, since weights
 * that stay get no gradient of their own. The head is only computed where a token counts, which `trained` is the share of.
 */
export function countTokenOperations(shape: ModelShape, trained: number): number {
  const head = shape.embedding / (shape.tiedEmbeddings ? 1 : 2);
  return 4 * (shape.parameters - shape.embedding + head * trained);
}

/** At each evaluation: three, unless somebody names their own. */
const sampledTokens = 3 * 40;
/**
 * Written one after the other, a token costs what so many cost at a time: weights are read anew for each. Measured with
 * half a billion of them, on a processor.
 */
const costOfLoneToken = 16;

function countOperations({ shape, settings, size }: EstimateInput): { operations: number; steps: number } {
  const steps = Math.ceil(size.rows / settings.batchSize) * settings.epochs;
  const evaluations = 1 + Math.max(1, settings.evaluationsPerEpoch * settings.epochs);
  const token = countTokenOperations(shape, size.tokens === 0 ? 0 : size.trained / size.tokens);
  // Measuring goes forwards only.
  const tokens = settings.epochs * size.tokens + (evaluations * size.evaluation.tokens) / 2;
  const samples = evaluations * sampledTokens * costOfLoneToken * 2 * shape.parameters;
  return { operations: token * tokens + samples, steps };
}
