import type { LocalisedText } from '@kumiki/flow';

export type KumikiErrorOptions = {
  /** Stable, kebab-case, part of the contract: clients and the editor branch on it. */
  readonly code: string;
  /** What happened, to what, and what to do. Shown to people, so free of paths, addresses with keys, and stacks. */
  readonly message: LocalisedText;
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly retryable?: boolean;
  /** HTTP status where it becomes an answer; 500 unless said. */
  readonly status?: number;
  readonly node?: string;
  /** JSON pointer into what was sent. */
  readonly path?: string;
  readonly cause?: unknown;
};

/** The plain form of an error, as it is stored in events and shown to people. */
export type ErrorReport = {
  readonly code: string;
  readonly message: LocalisedText;
  readonly retryable: boolean;
  readonly node: string | null;
  readonly path: string | null;
};

/** A broken promise with a name. All that a client ever sees of it is its report; `cause` goes to the log only. */
export class KumikiError extends Error {
  readonly code: string;
  readonly text: LocalisedText;
  readonly retryable: boolean;
  readonly status: number;
  readonly node: string | null;
  readonly path: string | null;

  constructor(options: KumikiErrorOptions) {
    super(options.message.en, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'KumikiError';
    this.code = options.code;
    this.text = options.message;
    this.retryable = options.retryable ?? false;
    this.status = options.status ?? 500;
    this.node = options.node ?? null;
    this.path = options.path ?? null;
  }
}

/** Makes the safe report of anything thrown. What is not a KumikiError becomes `internal`, without its text. */
export function reportError(error: unknown): ErrorReport {
  if (error instanceof KumikiError) {
    return { code: error.code, message: error.text, retryable: error.retryable, node: error.node, path: error.path };
  }
  return {
    code: 'internal',
    message: {
      en: 'Something went wrong inside Kumiki. The log of the server has the details.',
      ja: 'Kumiki の内部で問題が起きました。詳しくはサーバーのログを確認してください。',
    },
    retryable: false,
    node: null,
    path: null,
  };
}
