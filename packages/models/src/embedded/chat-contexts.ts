import type { ChatSequences, ChatSlot } from './chat-sequences.ts';
import { createChatSequences } from './chat-sequences.ts';
import type { LlamaModel, Token } from './llama-types.ts';
import type { AdapterFile } from './protocol.ts';
import { type Waiter, waitInLine } from './waiting-line.ts';

/** Contexts that are there at the same time: the base, and a tuned model or two beside it. Each takes memory of its own. */
const contextLimit = 3;
const base = '';

export type WantedPlace = {
  /** Null for the model as it is. */
  readonly adapter: AdapterFile | null;
  readonly contextLength: number;
  readonly prompt: readonly Token[];
};

export type ChatContexts = {
  /** Waits in line for a place; the signal ends the waiting. Throws `busy` where the line is too long. */
  acquire(wanted: WantedPlace, signal: AbortSignal): Promise<ChatSlot>;
  release(slot: ChatSlot): void;
  /** Frees the contexts that nobody writes in. The next call makes them anew. */
  rest(): Promise<void>;
};

/** `users` wait or write in it; `ready` is when the memory of the one before it is free. */
type Group = { readonly sequences: ChatSequences; users: number; ready: Promise<void> };

/**
 * An adapter belongs to a whole context, so the base and each tuned model have one of their own over the same weights, and
 * write at the same time. Where there are as many as may be, the one whose last use is longest ago makes room as soon as
 * nobody writes in it. Whoever waits for that is not overtaken.
 */
export function createChatContexts(model: LlamaModel, threads: number): ChatContexts {
  /** By digest, the one used last at the end. */
  const groups = new Map<string, Group>();
  const owners = new Map<ChatSlot, Group>();
  const line: Waiter<AdapterFile | null, Group>[] = [];

  const openGroup = (adapter: AdapterFile | null): Group | null => {
    const key = adapter?.digest ?? base;
    let group = groups.get(key);
    if (group === undefined) {
      let ready = Promise.resolve();
      if (groups.size >= contextLimit) {
        const idle = [...groups].find(([, { users }]) => users === 0);
        if (idle === undefined) return null;
        groups.delete(idle[0]);
        ready = idle[1].ready.then(() => idle[1].sequences.rest());
      }
      group = { sequences: createChatSequences(model, threads, adapter?.file ?? null), users: 0, ready };
    }
    groups.delete(key);
    groups.set(key, group);
    return group;
  };

  const admit = (): void => {
    for (let first = line[0]; first !== undefined; first = line[0]) {
      const group = openGroup(first.wanted);
      if (group === null) return;
      group.users += 1;
      line.shift();
      first.resolve(group);
    }
  };

  const leave = (group: Group): void => {
    group.users -= 1;
    admit();
  };

  return {
    async acquire({ adapter, ...wanted }, signal) {
      const group = await waitInLine(line, adapter, admit, signal);
      try {
        await group.ready;
        const slot = await group.sequences.acquire(wanted, signal);
        owners.set(slot, group);
        return slot;
      } catch (error) {
        leave(group);
        throw error;
      }
    },
    release(slot) {
      const group = owners.get(slot);
      owners.delete(slot);
      if (group === undefined) return;
      group.sequences.release(slot);
      leave(group);
    },
    async rest() {
      await Promise.all([...groups.values()].map(({ sequences }) => sequences.rest()));
    },
  };
}
