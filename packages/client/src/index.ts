import createOpenApiClient from 'openapi-fetch';
import type { components, paths } from './schema.d.ts';

export type { components, paths } from './schema.d.ts';

/** The schemas of the contract by name: `Schemas['Flow']`. */
export type Schemas = components['schemas'];

export type KumikiClient = ReturnType<typeof createClient>;

/**
 * A typed client of Kumiki's API. In the browser the session cookie signs the calls; elsewhere pass an API key.
 * Calls resolve to `{ data }` or `{ error }` (problem details) and reject only where the server cannot be reached.
 */
export function createClient(options: {
  readonly address: string;
  readonly key?: string;
  readonly fetch?: typeof fetch;
}) {
  return createOpenApiClient<paths>({
    baseUrl: options.address,
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
    ...(options.key === undefined ? {} : { headers: { Authorization: `Bearer ${options.key}` } }),
  });
}
