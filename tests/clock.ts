import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { makeTemporaryFolder } from '@kumiki/testkit/kumiki-process';
import { expect } from 'vitest';

export const hour = 3_600_000;

/** A clock that goes wrong for whatever process has its environment. */
export type Clock = {
  readonly environment: Readonly<Record<string, string>>;
  /** By so many milliseconds from the true time. Resolves once the process has it. */
  shift(milliseconds: number, pid: number): Promise<void>;
  remove(): Promise<void>;
};

export async function makeClock(milliseconds = 0): Promise<Clock> {
  const { folder, remove } = await makeTemporaryFolder();
  const file = join(folder, 'shift');
  await writeFile(file, String(milliseconds));
  const module = pathToFileURL(join(import.meta.dirname, 'shifted-clock.ts')).href;
  return {
    environment: { KUMIKI_TEST_CLOCK: file, NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import=${module}` },
    async shift(by, pid) {
      // In one step, so that nobody reads half a number.
      await writeFile(`${file}.new`, String(by));
      await rename(`${file}.new`, file);
      await expect.poll(() => readFile(`${file}.${pid}`, 'utf8').catch(() => '')).toBe(String(by));
    },
    remove,
  };
}
