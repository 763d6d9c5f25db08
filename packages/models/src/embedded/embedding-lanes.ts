import type { LlamaEmbeddingContext, LlamaModel, Token } from './llama-types.ts';
import type { WorkerResults } from './protocol.ts';
import { WorkerError } from './protocol.ts';

/** Room for the tokens that mark beginning and end of a text. */
const specialTokens = 4;
/** Longer contexts cost memory by their square; longer texts are embedded in windows. */
const maximumContext = 2048;

type Job = {
  readonly texts: readonly string[];
  readonly vectors: Float32Array;
  readonly signal: AbortSignal;
  next: number;
  waiting: number;
  tokens: number;
  readonly settle: (error: unknown) => void;
};

export type EmbeddingLanes = {
  embed(texts: readonly string[], signal: AbortSignal): Promise<WorkerResults['embed']>;
  /** Frees the contexts: 1 GB at their plateau. The next call makes them anew. */
  rest(): Promise<void>;
};

/**
 * Embeds over several contexts of one thread each: two of them give 24 chunks/s where one with two threads gives 19, and
 * on a busy machine contexts of several threads are ten times slower. Calls take turns text by text, so that a question
 * waits for one text and not for a whole batch of documents.
 *
 * A text of more tokens than the model's context is embedded in windows of that length; its vector is their mean, weighted
 * by tokens. Vectors have length 1.
 */
export function createEmbeddingLanes(model: LlamaModel, lanes: number): EmbeddingLanes {
  const contextSize = Math.min(model.trainContextSize, maximumContext);
  const window = contextSize - specialTokens;
  const dimensions = model.embeddingVectorSize;
  /** What is embedded for an empty text: nothing but the mark of a beginning. */
  const begin = model.tokens.bos === null ? [] : [model.tokens.bos];
  let contexts: Promise<readonly LlamaEmbeddingContext[]> | null = null;
  const jobs: Job[] = [];
  const busy = new Set<LlamaEmbeddingContext>();

  const createContexts = async (): Promise<readonly LlamaEmbeddingContext[]> => {
    const created: LlamaEmbeddingContext[] = [];
    for (let lane = 0; lane < lanes; lane += 1) {
      created.push(await model.createEmbeddingContext({ contextSize, batchSize: contextSize, threads: 1 }));
    }
    return created;
  };

  const embedText = async (context: LlamaEmbeddingContext, text: string): Promise<[Float64Array, number]> => {
    const tokens = model.tokenize(text);
    const sum = new Float64Array(dimensions);
    for (const part of splitTokens(tokens.length === 0 ? begin : tokens, window)) {
      const { vector } = await context.getEmbeddingFor(part);
      for (let index = 0; index < dimensions; index += 1) {
        sum[index] = (sum[index] ?? 0) + (vector[index] ?? 0) * Math.max(1, part.length);
      }
    }
    return [sum, tokens.length];
  };

  /** Takes the next text of the job whose turn it is, and puts the job at the end of the line. */
  const takeText = (): { readonly job: Job; readonly index: number } | null => {
    const job = jobs.shift();
    if (job === undefined) return null;
    const index = job.next;
    job.next += 1;
    if (job.next < job.texts.length) jobs.push(job);
    return { job, index };
  };

  const runLane = async (context: LlamaEmbeddingContext): Promise<void> => {
    if (busy.has(context)) return;
    busy.add(context);
    try {
      for (let taken = takeText(); taken !== null; taken = takeText()) {
        const { job, index } = taken;
        try {
          job.signal.throwIfAborted();
          const [sum, tokens] = await embedText(context, job.texts[index] ?? '');
          writeUnitVector(sum, job.vectors, index * dimensions);
          job.tokens += tokens;
          job.waiting -= 1;
          if (job.waiting === 0) job.settle(null);
        } catch (error) {
          const place = jobs.indexOf(job);
          if (place >= 0) jobs.splice(place, 1);
          job.settle(error);
        }
      }
    } finally {
      busy.delete(context);
    }
  };

  return {
    async embed(texts, signal) {
      contexts ??= createContexts().catch((error) => {
        contexts = null;
        throw error;
      });
      const open = await contexts;
      return new Promise((resolve, reject) => {
        const vectors = new Float32Array(texts.length * dimensions);
        const settle = (error: unknown): void => {
          if (error === null) resolve({ vectors, tokens: job.tokens });
          else reject(error);
        };
        const job: Job = { texts, vectors, signal, next: 0, waiting: texts.length, tokens: 0, settle };
        if (texts.length === 0) settle(null);
        else jobs.push(job);
        for (const context of open) void runLane(context);
      });
    },
    async rest() {
      const resting = contexts;
      contexts = null;
      const open = await resting?.catch(() => []);
      for (const context of open ?? []) await context.dispose();
    },
  };
}

function splitTokens(tokens: readonly Token[], window: number): readonly (readonly Token[])[] {
  const parts: (readonly Token[])[] = [];
  for (let start = 0; start < tokens.length; start += window) parts.push(tokens.slice(start, start + window));
  return parts;
}

function writeUnitVector(sum: Float64Array, target: Float32Array, offset: number): void {
  const length = Math.sqrt(sum.reduce((total, value) => total + value * value, 0));
  if (!(length > 0) || !Number.isFinite(length))
    throw new WorkerError('failed', 'The model gave a vector without length.');
  sum.forEach((value, index) => {
    target[offset + index] = value / length;
  });
}
