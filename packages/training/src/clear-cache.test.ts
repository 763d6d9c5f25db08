import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { clearTrainingCache } from './clear-cache.ts';
import { makeTrainingFolder } from './testing/training-folder.ts';
import { environmentStamp, findEnvironmentFolder } from './trainer-environment.ts';

const { signal } = new AbortController();
const now = Date.parse('2026-11-30T00:00:00Z');
const daysAgo = (days: number) => new Date(now - days * 24 * 3_600_000);

let folder: string;
let projectFolder: string;
beforeEach(async () => {
  const place = await makeTrainingFolder();
  onTestFinished(() => place[Symbol.asyncDispose]());
  folder = path.join(place.folder, 'cache');
  projectFolder = path.join(place.folder, 'project');
  await mkdir(path.join(folder, 'tuned'), { recursive: true });
  await mkdir(projectFolder);
  await writeFile(path.join(projectFolder, 'uv.lock'), 'lock');
});

async function makeFile(name: string, days: number): Promise<void> {
  const file = path.join(folder, name);
  await writeFile(file, '');
  await utimes(file, daysAgo(days), daysAgo(days));
}

/** An environment by its name, last used so many days ago; null: one that was never finished. */
async function makeEnvironment(name: string, days: number | null): Promise<void> {
  const place = path.join(folder, name);
  await mkdir(place);
  if (days !== null) await makeFile(path.join(name, environmentStamp), days);
  await utimes(place, daysAgo(60), daysAgo(60));
}

const clear = () => clearTrainingCache({ cacheFolder: folder, projectFolder, signal, now });

it('takes away tuned models that no host was given for a month, in whatever form they are', async () => {
  await makeFile('tuned/old-F16.gguf', 31);
  await makeFile('tuned/used.lora.gguf', 29);
  await mkdir(path.join(folder, 'tuned', 'old.peft'));
  await makeFile('tuned/old.peft/adapter_config.json', 40);
  await utimes(path.join(folder, 'tuned', 'old.peft'), daysAgo(40), daysAgo(40));
  await clear();
  expect(await readdir(path.join(folder, 'tuned'))).toEqual(['used.lora.gguf']);
});

it('takes away environments of trainers that nobody uses any more, but never its own, nor what is none', async () => {
  const own = path.basename((await findEnvironmentFolder({ cacheFolder: folder, projectFolder })) ?? '');
  await makeEnvironment(own, 90);
  await makeEnvironment(`${own}-cuda`, 90);
  await makeEnvironment('trainer-000000000001', 31);
  await makeEnvironment('trainer-000000000002', 29);
  await makeEnvironment('trainer-000000000003', null);
  await makeEnvironment('trainer-development', null);
  await makeEnvironment('models', null);
  await clear();
  const kept = [own, `${own}-cuda`, 'trainer-000000000002', 'trainer-development', 'models', 'tuned'];
  expect((await readdir(folder)).toSorted()).toEqual(kept.toSorted());
});

it('is content with a cache that is not there', async () => {
  await expect(clearTrainingCache({ cacheFolder: path.join(folder, 'nowhere'), signal })).resolves.toBeUndefined();
});
