import type { LlamaContext, LlamaModel, LlamaSequence, Token } from './llama-types.ts';
import { WorkerError } from './protocol.ts';
import { type Waiter, waitInLine } from './waiting-line.ts';

/** Answers that are written at the same time. More of them gain no speed, only memory. */
const sequenceCount = 2;

/** Prompts are read in slices of this many tokens: between two of them a call can be aborted. */
export const sliceLength = 128;

/** A place in the context, and the prompt tokens that it holds from its last use, in whole slices. */
export type ChatSlot = { readonly sequence: LlamaSequence; prompt: readonly Token[] };

type WantedSlot = { readonly contextLength: number; readonly prompt: readonly Token[] };

export type ChatSequences = {
  /** Waits in line for a place; the signal ends the waiting. Throws `busy` where the line is too long. */
  acquire(wanted: WantedSlot, signal: AbortSignal): Promise<ChatSlot>;
  release(slot: ChatSlot): void;
  /** Frees the context. The next call makes it anew. */
  rest(): Promise<void>;
};

/**
 * Hands out places in one context, which has the adapter where there is one, first come, first served. Where the first in
 * line needs a longer context, it waits until nobody writes, and the context is made anew at that length; it never shrinks
 * before it rests.
 */
export function createChatSequences(
  model: LlamaModel,
  threads: number,
  adapterFile: string | null = null,
): ChatSequences {
  let context: LlamaContext | null = null;
  let contextLength = 0;
  let slots: ChatSlot[] = [];
  let free: ChatSlot[] = [];
  const line: Waiter<WantedSlot, ChatSlot>[] = [];
  let serving = false;

  const createContext = async (contextSize: number): Promise<LlamaContext> => {
    try {
      return await model.createContext({
        contextSize,
        sequences: sequenceCount,
        batchSize: sliceLength * sequenceCount,
        threads,
        failedCreationRemedy: false,
        ...(adapterFile !== null && { lora: { adapters: [{ filePath: adapterFile }] } }),
      });
    } catch (error) {
      if (adapterFile !== null && error instanceof Error && /lora/i.test(error.message)) {
        throw new WorkerError('adapter', error.message);
      }
      throw error;
    }
  };

  const grow = async (wanted: number): Promise<void> => {
    await context?.dispose();
    context = null;
    slots = [];
    free = [];
    context = await createContext(wanted);
    contextLength = wanted;
    // Sequences are kept and never disposed of singly: a disposed one is missed for a moment by the next request.
    for (let index = 0; index < sequenceCount; index += 1) slots.push({ sequence: context.getSequence(), prompt: [] });
    free = [...slots];
  };

  const serve = async (): Promise<void> => {
    if (serving) return;
    serving = true;
    try {
      for (let first = line[0]; first !== undefined; first = line[0]) {
        const tooShort = first.wanted.contextLength > contextLength;
        if (context === null || (tooShort && free.length === slots.length)) {
          try {
            await grow(first.wanted.contextLength);
          } catch (error) {
            line.splice(line.indexOf(first), 1);
            first.reject(error);
          }
          continue;
        }
        const slot = tooShort ? undefined : takeBest(free, first.wanted.prompt);
        if (slot === undefined) return;
        line.shift();
        first.resolve(slot);
      }
    } finally {
      serving = false;
    }
  };

  return {
    acquire: (wanted, signal) => waitInLine(line, wanted, () => void serve(), signal),
    release(slot) {
      free.push(slot);
      void serve();
    },
    async rest() {
      if (free.length < slots.length || line.length > 0) return;
      const resting = context;
      context = null;
      contextLength = 0;
      slots = [];
      free = [];
      await resting?.dispose();
    },
  };
}

/** Takes the free place whose kept prompt has most in common with the new one. */
function takeBest(free: ChatSlot[], prompt: readonly Token[]): ChatSlot | undefined {
  const [best] = free.toSorted((one, other) => countShared(other.prompt, prompt) - countShared(one.prompt, prompt));
  if (best !== undefined) free.splice(free.indexOf(best), 1);
  return best;
}

/** Tokens at the beginning that both have, in whole slices. */
export function countShared(one: readonly Token[], other: readonly Token[]): number {
  let shared = 0;
  while (shared < one.length && shared < other.length && one[shared] === other[shared]) shared += 1;
  return shared - (shared % sliceLength);
}
