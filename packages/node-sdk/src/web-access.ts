/**
 * A header that ends in a secret, such as `Bearer` and the key behind it. The secret is named; its value is put in where
 * the request leaves the server, so that no node ever holds it.
 */
export type SecretHeader = { readonly prefix: string; readonly $secret: string };

export type WebMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export type WebRequest = {
  readonly url: string;
  /** `GET` unless said. */
  readonly method?: WebMethod;
  readonly headers?: Readonly<Record<string, string | SecretHeader>>;
  readonly body?: string;
  /** The answer's body may have so many bytes, unpacked; 10 MiB unless said. */
  readonly maximumBytes?: number;
  /** For the whole of it, redirects included; 30 s unless said. */
  readonly timeoutMilliseconds?: number;
};

/** What a server answered, whatever its status. */
export type WebAnswer = {
  /** Where the answer came from: the address asked for, or the one that it redirected to. */
  readonly url: string;
  readonly status: number;
  /** By lower-case name; several of one name are joined with commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
};

/**
 * The web, as far as the operator lets nodes see it: addresses inside the house are refused unless KUMIKI_EGRESS lists
 * them. Codes: `web-address-invalid`, `web-request-invalid`, `egress-refused`, `web-redirect-refused`, `web-unreachable`
 * and `web-timeout` (both retryable), `web-too-large`, `web-answer-damaged`, `secret-unknown`. An aborted call rejects
 * with the signal's reason.
 */
export interface WebAccess {
  fetch(request: WebRequest): Promise<WebAnswer>;
}
