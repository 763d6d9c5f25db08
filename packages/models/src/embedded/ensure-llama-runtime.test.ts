import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { ensureLlamaRuntime, llamaRuntimeFolder } from './ensure-llama-runtime.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kumiki-runtime-'));
  onTestFinished(() => rm(folder, { recursive: true }));
});

/** Puts an npm on the path that is only a shell script. */
async function fakeNpm(script: string): Promise<void> {
  await writeFile(path.join(folder, 'npm'), `#!/bin/sh\n${script}\n`);
  await chmod(path.join(folder, 'npm'), 0o755);
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
}

const install = `echo "$@" >> ${'$'}{0%npm}calls; mkdir node_modules; cp package-lock.json node_modules/seen`;
const readCalls = async (): Promise<readonly string[]> =>
  (await readFile(path.join(folder, 'calls'), 'utf8')).trim().split('\n');

describe('ensureLlamaRuntime', () => {
  it('installs once, from the list of this platform, without running scripts of packages', async () => {
    await fakeNpm(install);
    const steps: string[] = [];
    const onProgress = (step: string) => steps.push(step);
    const ask = () => ensureLlamaRuntime({ cacheFolder: folder, onProgress });
    const [runtime] = await Promise.all([ask(), ask()]);
    await ask();
    expect(runtime).toBe(llamaRuntimeFolder(folder));
    expect(steps).toEqual(['installing', 'installed']);
    expect(await readCalls()).toEqual([expect.stringMatching(/^ci --ignore-scripts/)]);
    const lock = JSON.parse(await readFile(path.join(runtime ?? '', 'node_modules', 'seen'), 'utf8'));
    expect(lock.packages['node_modules/node-llama-cpp'].integrity).toMatch(/^sha512-/);
  });

  it('says what to do when npm fails, leaves nothing half done, and tries again', async () => {
    await fakeNpm('echo "npm error network" >&2; exit 1');
    const failing = ensureLlamaRuntime({ cacheFolder: folder });
    await expect(failing).rejects.toMatchObject({ code: 'llama-runtime-unavailable', retryable: true });
    await expect(readFile(path.join(llamaRuntimeFolder(folder), 'package.json'))).rejects.toThrow('ENOENT');
    await fakeNpm(install);
    await ensureLlamaRuntime({ cacheFolder: folder });
    expect(await readCalls()).toHaveLength(1);
  });

  it('installs again what was installed from another list', async () => {
    await fakeNpm(install);
    const runtime = await ensureLlamaRuntime({ cacheFolder: folder });
    await writeFile(path.join(runtime, 'installed-from.json'), '{}');
    await ensureLlamaRuntime({ cacheFolder: folder });
    expect(await readCalls()).toHaveLength(2);
  });

  it('says so where there is none for the platform', async () => {
    vi.spyOn(process, 'arch', 'get').mockReturnValue('s390x');
    onTestFinished(() => {
      vi.restoreAllMocks();
    });
    const failing = ensureLlamaRuntime({ cacheFolder: folder });
    await expect(failing).rejects.toMatchObject({ code: 'llama-runtime-unavailable', retryable: false });
  });
});
