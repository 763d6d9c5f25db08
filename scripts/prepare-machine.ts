/** Brings what real tests need and a clone cannot carry: a browser, model servers, models, the trainer. Postgres comes by itself. */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { ensureLlamaRuntime, ensureModel, multilingualE5Small, qwen25Coder, smolLm2 } from '@kumiki/models';
import { cacheFolder } from '@kumiki/testkit/cache-folder';
import { prepareModelServers } from '@kumiki/testkit/model-servers';
import { ensureTrainerEnvironment } from '@kumiki/training';
import { hasGpu } from './has-gpu.ts';
import { hasSharedData } from './has-shared-data.ts';

export type AbsentPart = { readonly part: string; readonly reason: string };

/**
 * Prepares the machine, printing what it does. All at once: one part downloads while another compiles. Throws with the
 * command that fixes it where something cannot be had.
 */
export async function prepareMachine(): Promise<readonly AbsentPart[]> {
  console.log('Preparing browser, models, trainer and model servers (some minutes, once) …');
  await Promise.all([prepareBrowser(), prepareModels(), prepareTrainer(), prepareModelServers()]);
  return listAbsentParts();
}

async function prepareTrainer(): Promise<void> {
  await ensureTrainerEnvironment({
    cacheFolder: cacheFolder(),
    hasGpu: hasGpu(),
    signal: new AbortController().signal,
    onProgress: (step) => {
      if (step === 'installing') console.log('Installing the trainer (5 GB) …');
    },
  });
}

function listAbsentParts(): readonly AbsentPart[] {
  const absent: AbsentPart[] = [];
  if (!hasGpu()) absent.push({ part: 'tests/gpu', reason: 'needs an NVIDIA GPU; not yet run on hardware' });
  if (!hasSharedData()) {
    const reason = 'reads real documents in ../shared/data, beside the clone, whose licences keep them out of it';
    absent.push({ part: 'packages/documents/src/documents.shared.test.ts', reason });
  }
  return absent;
}

const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

async function prepareBrowser(): Promise<void> {
  const hasBrowser = browsers.some((browser) => existsSync(browser));
  const hasGlyphs = spawnSync('fc-list', [':lang=ja'], { encoding: 'utf8' }).stdout?.trim();
  if (hasBrowser && hasGlyphs) return;
  const command = 'apt-get update && apt-get install -y chromium fonts-noto-cjk fontconfig';
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Error(
      `The browser tests need Chromium and a Japanese font. On Debian or Ubuntu: sudo sh -c '${command}'`,
    );
  }
  console.log(`Installing Chromium and a Japanese font (${command}) …`);
  await promisify(execFile)('sh', ['-c', command], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    maxBuffer: 1e8,
  });
}

async function prepareModels(): Promise<void> {
  await ensureLlamaRuntime({
    cacheFolder: cacheFolder(),
    onProgress: (step) => {
      if (step === 'installing') console.log('Installing llama.cpp …');
    },
  });
  for (const entry of [multilingualE5Small, smolLm2, qwen25Coder]) {
    let announced = '';
    await ensureModel(entry, {
      folder: cacheFolder('models'),
      onProgress: ({ step, from }) => {
        const line = `${entry.name}: ${step}${from === null ? '' : ` (${from})`}`;
        if (line !== announced) console.log(line);
        announced = line;
      },
    });
  }
}
