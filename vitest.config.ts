import { defineConfig } from 'vitest/config';
import { hasGpu } from './scripts/has-gpu.ts';
import { hasSharedData } from './scripts/has-shared-data.ts';

/**
 * Which test runs where is said by its name:
 * `x.test.ts` is fast and alone; `x.database.test.ts` runs on the embedded database and again on a real Postgres;
 * `x.shared.test.ts` reads real documents beside the clone; `x.real.test.ts` needs a real model server or model; everything under `tests/` runs the whole program.
 */
const slow = ['**/*.real.test.ts', '**/*.database.test.ts', '**/*.long.test.ts'];

/** What this machine has no means for. `npm test` lists it with the reason. */
const withoutMeans = [...(hasGpu() ? [] : ['tests/gpu/**'])];

/** A test fails by what it finds: on a busy machine also a quick one may take a while. */
const testTimeout = 30_000;
/** Vitest would keep a core for itself: of two, that is half of the speed. */
const maxWorkers = '100%';
/** Whole programs wait for one another for much of the time: with two at once, two cores were idle for a sixth of it. After all else. */
const wholePrograms = { maxWorkers: 3, sequence: { groupOrder: 1 } };
/** A condition is waited for as long as a busy machine may need: nothing is timed by it. */
const patience = { poll: { timeout: 30_000 } };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          // Modules are loaded once for each worker and not for each file: half the time, and in jsdom a tenth. So no
          // test may leave anything behind in a module.
          isolate: false,
          maxWorkers,
          testTimeout,
          hookTimeout: testTimeout,
          include: ['packages/**/*.test.ts', 'nodes/**/*.test.ts', 'apps/server/**/*.test.ts', 'examples/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...slow, ...(hasSharedData() ? [] : ['**/*.shared.test.ts'])],
        },
      },
      {
        extends: 'apps/editor/vite.config.ts',
        test: {
          name: 'editor',
          isolate: false,
          maxWorkers,
          testTimeout,
          hookTimeout: testTimeout,
          root: 'apps/editor',
          include: ['src/**/*.test.{ts,tsx}'],
          environment: 'jsdom',
        },
      },
      ...(['embedded', 'postgres'] as const).map((database) => ({
        test: {
          name: `database-${database}`,
          // As above: it took a third of the time.
          isolate: false,
          maxWorkers,
          include: ['packages/**/*.database.test.ts', 'nodes/**/*.database.test.ts', 'apps/**/*.database.test.ts'],
          exclude: ['**/node_modules/**'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          provide: { database },
          ...(database === 'postgres' ? { globalSetup: '@kumiki/testkit/postgres-setup' } : {}),
        },
      })),
      {
        test: {
          name: 'real',
          include: [
            'packages/**/*.real.test.ts',
            'apps/**/*.real.test.ts',
            'nodes/**/*.real.test.ts',
            'examples/**/*.real.test.ts',
          ],
          exclude: ['**/node_modules/**'],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          ...wholePrograms,
        },
      },
      {
        test: {
          name: 'long',
          expect: patience,
          include: ['packages/**/*.long.test.ts', 'tests/**/*.long.test.ts', 'examples/**/*.long.test.ts'],
          exclude: ['**/node_modules/**'],
          testTimeout: 3_600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'program',
          expect: patience,
          include: ['tests/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/*.long.test.ts', ...withoutMeans],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          ...wholePrograms,
        },
      },
    ],
  },
});
