import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTrainingFolder } from './testing/training-folder.ts';
import { ensureTrainerEnvironment, findTrainerProgram } from './trainer-environment.ts';

const signal = new AbortController().signal;

/** A project with a lock file, and a program in the place of uv that notes how it was called. */
async function openProject(folder: string, uvEnd = '') {
  const projectFolder = path.join(folder, 'project');
  const cacheFolder = path.join(folder, 'cache');
  const log = path.join(folder, 'log');
  const uv = path.join(folder, 'uv');
  await mkdir(projectFolder);
  await writeFile(path.join(projectFolder, 'uv.lock'), 'first lock');
  const note = `require('node:fs').appendFileSync(${JSON.stringify(log)}, process.argv.slice(2).join(' ') + '\\n');`;
  const make = `require('node:fs').mkdirSync(process.env.UV_PROJECT_ENVIRONMENT, { recursive: true });
    require('node:fs').writeFileSync(process.env.UV_PROJECT_ENVIRONMENT + '/pyvenv.cfg', '');`;
  const writeUv = (end: string) => writeFile(uv, `#!${process.execPath}\n${note}\n${make}\n${end}`, { mode: 0o755 });
  await writeUv(uvEnd);
  const steps: string[] = [];
  const ensure = (parts: { readonly hasGpu?: boolean } = {}) =>
    ensureTrainerEnvironment({
      ...{ projectFolder, cacheFolder, signal, ...parts },
      onProgress: (step) => steps.push(step),
      findInstaller: async () => uv,
    });
  const calls = async () => (await readFile(log, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
  return { ensure, calls, steps, projectFolder, cacheFolder, writeUv };
}

describe('the environment of the trainer', () => {
  it('is made from the lock file once, and tells that it is being installed', async () => {
    await using place = await makeTrainingFolder();
    const { ensure, calls, steps, projectFolder } = await openProject(place.folder);
    const program = await ensure();
    expect(program.sources).toBe(projectFolder);
    expect(await ensure()).toEqual(program);
    expect(await calls()).toEqual([`sync --frozen --no-dev --no-install-project --project ${projectFolder}`]);
    expect(steps).toEqual(['installing', 'installed']);
  });

  it('is found only where it is there already, without making it', async () => {
    await using place = await makeTrainingFolder();
    const { ensure, calls, projectFolder, cacheFolder } = await openProject(place.folder);
    expect(await findTrainerProgram({ projectFolder, cacheFolder })).toBeNull();
    expect(await calls()).toEqual([]);
    const { python } = await ensure();
    expect(await findTrainerProgram({ projectFolder, cacheFolder })).toMatchObject({
      program: python,
      // Compiled once, and beside neither the sources nor the packages.
      environment: { PYTHONPYCACHEPREFIX: expect.stringContaining(cacheFolder), PYTHONDONTWRITEBYTECODE: '' },
    });
    expect(await findTrainerProgram({ projectFolder, cacheFolder, hasGpu: true })).toBeNull();
  });

  it('is made once when two ask at the same time', async () => {
    await using place = await makeTrainingFolder();
    const { ensure, calls } = await openProject(place.folder);
    await Promise.all([ensure(), ensure(), ensure()]);
    expect(await calls()).toHaveLength(1);
  });

  it('is another one for another lock file, and for a machine with a GPU', async () => {
    await using place = await makeTrainingFolder();
    const { ensure, calls, projectFolder } = await openProject(place.folder);
    const first = await ensure();
    const withGpu = await ensure({ hasGpu: true });
    await writeFile(path.join(projectFolder, 'uv.lock'), 'second lock');
    const second = await ensure();
    expect(new Set([first.python, withGpu.python, second.python]).size).toBe(3);
    expect((await calls())[1]).toMatch(/--extra cuda$/);
  });

  it('counts only when it is whole: a broken installation is gone on with', async () => {
    await using place = await makeTrainingFolder();
    const { ensure, calls, cacheFolder, writeUv } = await openProject(
      place.folder,
      'console.error("no route to host"); process.exit(2);',
    );
    await expect(ensure()).rejects.toMatchObject({
      code: 'training-unavailable',
      cause: expect.objectContaining({ message: expect.stringContaining('no route to host') }),
    });
    await writeUv('');
    await ensure();
    expect(await calls()).toHaveLength(2);
    expect((await readdir(cacheFolder)).filter((name) => name.endsWith('.lock'))).toEqual([]);
  });

  it('cannot be made where the trainer is missing', async () => {
    await using place = await makeTrainingFolder();
    const missing = { projectFolder: place.folder, cacheFolder: place.folder, signal };
    await expect(ensureTrainerEnvironment(missing)).rejects.toMatchObject({ code: 'training-unavailable' });
  });
});
