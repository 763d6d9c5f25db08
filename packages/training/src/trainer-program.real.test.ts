import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '@kumiki/testkit/cache-folder';
import { beforeAll, describe, it } from 'vitest';
import { findUv } from './find-uv.ts';
import { trainerProjectFolder } from './trainer-environment.ts';

const never = new AbortController().signal;
const environmentFolder = path.join(cacheFolder(), 'trainer-development');

/** The Python program's own checks, in an environment of its lock file with what developers need. */
describe('the trainer', { timeout: 1_800_000 }, () => {
  let uv: string;

  const run = async (...parameters: readonly string[]): Promise<string> => {
    const own = { UV_PROJECT_ENVIRONMENT: environmentFolder, UV_NATIVE_TLS: 'true', OMP_NUM_THREADS: '1' };
    const options = { cwd: trainerProjectFolder, env: { ...process.env, ...own }, maxBuffer: 1e8 };
    return promisify(execFile)(uv, [...parameters], options).then(
      ({ stdout }) => stdout,
      (error: { stdout?: string; stderr?: string }) => {
        throw new Error(`uv ${parameters.join(' ')}:\n${error.stdout ?? ''}\n${error.stderr ?? ''}`);
      },
    );
  };

  beforeAll(async () => {
    uv = await findUv({ cacheFolder: cacheFolder(), signal: never });
    await run('sync', '--frozen', '--all-groups');
  }, 900_000);

  it.concurrent('keeps its style', async () => {
    await run('run', '--no-sync', 'ruff', 'check');
    await run('run', '--no-sync', 'ruff', 'format', '--check');
  });

  it.concurrent('has its types right', async ({ expect }) => {
    expect(await run('run', '--no-sync', 'mypy')).toContain('no issues found');
  });

  it.concurrent('passes its own tests', async ({ expect }) => {
    expect(await run('run', '--no-sync', 'pytest', '--quiet')).toMatch(/\d+ passed/);
  });
});
