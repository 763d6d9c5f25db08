import { KumikiError } from '@kumiki/node-sdk';
import { Agent } from 'undici';
import { type HostAnswer, type HostQuestion, openAnswer } from './host-answer.ts';

/** Sockets to one host. Closing it ends them; the connection itself is never half dead. */
export type HostConnection = {
  /** Asks for what is written while it is read, and waits as long as the signal lets it. */
  ask(question: HostQuestion, signal: AbortSignal): Promise<HostAnswer>;
  /**
   * `fetch` that ends with the signal, whatever signal the caller of it brings along. It is for what is answered soon, also
   * while nobody watches: it fails where the host has been silent for too long.
   */
  fetchSoon(signal: AbortSignal): typeof fetch;
  /** Calls back when a connection of `ask` has ended: whoever answers the next question may have been started anew. */
  onDisconnect(listener: () => void): void;
  close(): Promise<void>;
};

/** A host on one's own network answers a connection at once or not at all. */
const connectMilliseconds = 5000;
/** Some vectors take seconds, and loading their model some minutes: a host that says nothing for longer never will. */
export const usualSilence = 600_000;

/**
 * Opens no socket yet. Waiting for a chat has no time limit here: reading a long prompt on a processor takes longer than
 * the five minutes after which Node gives up by default; the caller's signal is the deadline. For all else,
 * `silentMilliseconds` is.
 */
export function createHostConnection(silentMilliseconds: number): HostConnection {
  const patient = openAgent(0);
  const soon = openAgent(silentMilliseconds);
  return {
    ask: (question, signal) => openAnswer(patient, question, signal),
    fetchSoon: (signal) => fetchThrough(soon, signal),
    onDisconnect: (listener) => void patient.on('disconnect', listener),
    close: async () => {
      await Promise.all([patient.destroy(), soon.destroy()]);
    },
  };
}

function openAgent(silentMilliseconds: number): Agent {
  const connect = { timeout: connectMilliseconds };
  return new Agent({ connect, headersTimeout: silentMilliseconds, bodyTimeout: silentMilliseconds });
}

function fetchThrough(agent: Agent, signal: AbortSignal): typeof fetch {
  // The same class; only the types that come with Node describe it by an older release.
  const dispatcher = agent as unknown as NonNullable<RequestInit['dispatcher']>;
  return (input, init) => {
    const signals = init?.signal === undefined || init.signal === null ? [signal] : [signal, init.signal];
    const options: RequestInit = { ...init, signal: AbortSignal.any(signals), dispatcher };
    return fetch(input, options);
  };
}

/** Whether a call failed because nothing came for too long. Libraries wrap what undici says into errors of their own. */
export function isSilence(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && /^UND_ERR_(HEADERS|BODY)_TIMEOUT$/.test(String(current.code))) return true;
  }
  return false;
}

/**
 * `http://127.0.0.1:11434` of an address that people may have written without a scheme, or with a slash or a path behind
 * it. Throws `model-host-address` where it is none.
 */
export function normaliseAddress(address: string, dropPath: RegExp): string {
  const withScheme = /^[a-z]+:\/\//i.test(address) ? address : `http://${address}`;
  const normalised = withScheme.replace(/\/+$/, '').replace(dropPath, '').replace(/\/+$/, '');
  if (URL.canParse(normalised) && /^https?:$/.test(new URL(normalised).protocol)) return normalised;
  throw new KumikiError({
    code: 'model-host-address',
    status: 422,
    message: {
      en: 'The address of the model host is not valid. Write it like http://127.0.0.1:11434.',
      ja: 'モデルホストのアドレスが正しくありません。http://127.0.0.1:11434 のように入力してください。',
    },
  });
}
