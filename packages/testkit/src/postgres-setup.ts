import type { TestProject } from 'vitest/node';
import { startPostgres } from './postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Which database this project's tests run on. */
    database: 'embedded' | 'postgres';
    /** A server on which tests may create databases; only where `database` is `postgres`. */
    postgresUrl: string;
  }
}

/** Vitest global setup: one Postgres for all test files of a run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres();
  project.provide('postgresUrl', server.url);
  return () => server.stop();
}
