import { KumikiError } from '@kumiki/node-sdk';
import { Agent } from 'undici';

/** Sockets to one host. Closing it ends them; the connection itself is never half dead. */
export type HostConnection = {
  /** `fetch` that ends with the signal, whatever signal the caller of it brings along. */
  fetchUntil(signal: AbortSignal): typeof fetch;
  close(): Promise<void>;
};

/** A host on one's own network answers a connection at once or not at all. */
const connectMilliseconds = 5000;

/**
 * Opens no socket yet. Waiting for an answer has no time limit here: reading a long prompt on a processor takes longer than
 * the five minutes after which Node gives up by default; the caller's signal is the deadline.
 */
export function createHostConnection(): HostConnection {
  const agent = new Agent({ connect: { timeout: connectMilliseconds }, headersTimeout: 0, bodyTimeout: 0 });
  // The same class; only the types that come with Node describe it by an older release.
  const dispatcher = agent as unknown as NonNullable<RequestInit['dispatcher']>;
  return {
    fetchUntil(signal) {
      return (input, init) => {
        const signals = init?.signal === undefined || init.signal === null ? [signal] : [signal, init.signal];
        const options: RequestInit = { ...init, signal: AbortSignal.any(signals), dispatcher };
        return fetch(input, options);
      };
    },
    close: () => agent.destroy(),
  };
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
