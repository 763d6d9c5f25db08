import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { parsePower, startEnergyMeter } from './energy.ts';

const range = 262_143_328_850;

/** A folder as Linux shows it: two processors, the cores of one as a part of it, and the whole platform. */
async function showCounters() {
  const countersFolder = await mkdtemp(path.join(tmpdir(), 'kumiki-energy-'));
  onTestFinished(() => rm(countersFolder, { recursive: true }));
  const set = async (zone: string, name: string, microjoules: number) => {
    const folder = path.join(countersFolder, zone);
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'name'), `${name}\n`);
    await writeFile(path.join(folder, 'max_energy_range_uj'), `${range}\n`);
    await writeFile(path.join(folder, 'energy_uj'), `${microjoules}\n`);
  };
  await mkdir(path.join(countersFolder, 'intel-rapl'));
  await set('intel-rapl:0:0', 'core', 7);
  await set('intel-rapl:2', 'psys', 9);
  return { countersFolder, set };
}

it('counts what processors count, each as a whole, also where a counter begins again', async () => {
  const { countersFolder, set } = await showCounters();
  await set('intel-rapl:0', 'package-0', 5_000_000);
  await set('intel-rapl:1', 'package-1', range - 1_000_000);
  const meter = await startEnergyMeter({ device: 'cpu', countersFolder });
  await set('intel-rapl:0', 'package-0', 45_000_000);
  await set('intel-rapl:1', 'package-1', 2_000_000);
  await set('intel-rapl:0:0', 'core', 30_000_000);
  expect(await meter.stop()).toEqual({ processorJoules: 43, deviceJoules: 0 });
});

it('adds up the power of GPUs over time', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const powers = [100, 200, 300];
  const readPower = vi.fn(async () => powers.shift() ?? null);
  const meter = await startEnergyMeter({ device: 'cuda', countersFolder: '/nowhere', readPower });
  await vi.advanceTimersByTimeAsync(5_000);
  await vi.advanceTimersByTimeAsync(1_000);
  // 5 s of 150 W in the mean, and a second of 250 W.
  expect(await meter.stop()).toEqual({ processorJoules: null, deviceJoules: 1_000 });
});

it('tells nothing where nothing can be read, or not to the end', async () => {
  const { countersFolder, set } = await showCounters();
  const none = await startEnergyMeter({
    device: 'cuda',
    countersFolder,
    readPower: () => Promise.reject(new Error('no')),
  });
  expect(await none.stop()).toEqual({ processorJoules: null, deviceJoules: null });
  await set('intel-rapl:0', 'package-0', 5);
  const lost = await startEnergyMeter({ device: 'cpu', countersFolder });
  await rm(path.join(countersFolder, 'intel-rapl:0'), { recursive: true });
  expect((await lost.stop()).processorJoules).toBeNull();
});

it('reads what nvidia-smi says', () => {
  expect(parsePower('71.34\n65.66\n')).toBeCloseTo(137);
  expect(parsePower('[N/A]\n')).toBeNull();
  expect(parsePower('')).toBeNull();
});
