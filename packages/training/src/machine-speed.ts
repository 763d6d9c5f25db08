import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

/** By device and precision, in operations a second: what earlier trainings on this machine got through. */
const speedsSchema = z.record(z.string(), z.number().positive());

/** Until a training has been measured here. A processor's cores are counted apart. */
const usualSpeeds: Readonly<Record<string, number>> = {
  'cpu/float32': 8e10,
  'cpu/bfloat16': 1.4e11,
  'cuda/float32': 8e12,
  'cuda/bfloat16': 3e13,
  'cuda/float16': 3e13,
};

export type SpeedKey = { readonly device: 'cpu' | 'cuda'; readonly precision: string; readonly threads: number };

export async function readSpeed(cacheFolder: string, { device, precision, threads }: SpeedKey): Promise<number> {
  const known = await readSpeeds(cacheFolder);
  const key = nameSpeed({ device, precision, threads });
  return known[key] ?? (usualSpeeds[`${device}/${precision}`] ?? 5e10) * (device === 'cpu' ? threads : 1);
}

/** Remembers what a training got through. That it cannot be written is no reason to fail a training. */
export async function keepSpeed(cacheFolder: string, at: SpeedKey, speed: number): Promise<void> {
  if (!Number.isFinite(speed) || speed <= 0) return;
  const file = speedFile(cacheFolder);
  const temporary = `${file}.${process.pid}`;
  const speeds = { ...(await readSpeeds(cacheFolder)), [nameSpeed(at)]: Math.round(speed) };
  await mkdir(cacheFolder, { recursive: true })
    .then(() => writeFile(temporary, JSON.stringify(speeds)))
    .then(() => rename(temporary, file))
    .catch(() => undefined);
}

async function readSpeeds(cacheFolder: string): Promise<z.infer<typeof speedsSchema>> {
  try {
    return speedsSchema.parse(JSON.parse(await readFile(speedFile(cacheFolder), 'utf8')));
  } catch {
    return {};
  }
}

function nameSpeed({ device, precision, threads }: SpeedKey): string {
  return device === 'cpu' ? `${device}/${precision}/${threads}` : `${device}/${precision}`;
}

function speedFile(cacheFolder: string): string {
  return path.join(cacheFolder, 'training-speeds.json');
}
