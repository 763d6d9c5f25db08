import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Energy } from '@kumiki/node-sdk';
import { askGpus } from './machine-memory.ts';

export const unknownEnergy: Energy = { processorJoules: null, deviceJoules: null };

export type EnergyMeter = {
  /** Reads a last time, and gives what was taken since the start. */
  stop(): Promise<Energy>;
  /** Reads no more. */
  close(): void;
};

export type EnergyOptions = {
  readonly device: 'cpu' | 'cuda';
  /** Where the kernel shows the counters of processors (Linux, Intel's and AMD's alike); root alone may read them on most. */
  readonly countersFolder?: string;
  /** Watts that all GPUs draw now; null: they do not tell. */
  readonly readPower?: (signal: AbortSignal) => Promise<number | null>;
  readonly sampleMilliseconds?: number;
};

/** A counter of microjoules, and where it begins again at 0. */
type Counter = { readonly value: number; readonly range: number };

/** Often enough for a counter that begins again after some minutes, and for a GPU's power between two readings. */
const usualSampleMilliseconds = 5_000;

/**
 * Measures the energy of this machine, whatever takes it: of a training that has a machine to itself, its own. Processors
 * count it themselves (RAPL); of GPUs the power is read and added up over time. What cannot be read is null, and is no
 * error. A training on the processor takes no GPU: its part is 0.
 */
export async function startEnergyMeter(options: EnergyOptions): Promise<EnergyMeter> {
  const { device, countersFolder = '/sys/class/powercap', sampleMilliseconds = usualSampleMilliseconds } = options;
  const { readPower = readGpuPower } = options;
  const closed = new AbortController();
  const readWatts = () => (device === 'cpu' ? Promise.resolve(0) : readPower(closed.signal).catch(() => null));

  let counters = await readCounters(countersFolder);
  let watts = await readWatts();
  let at = performance.now();
  let microjoules: number | null = counters === null ? null : 0;
  let deviceJoules: number | null = watts === null ? null : 0;

  const sample = async (): Promise<void> => {
    const now = performance.now();
    const [nextCounters, nextWatts] = await Promise.all([readCounters(countersFolder), readWatts()]);
    const seconds = (now - at) / 1_000;
    const counted = countBetween(counters, nextCounters);
    microjoules = microjoules === null || counted === null ? null : microjoules + counted;
    deviceJoules =
      deviceJoules === null || watts === null || nextWatts === null
        ? null
        : deviceJoules + ((watts + nextWatts) / 2) * seconds;
    counters = nextCounters;
    watts = nextWatts;
    at = now;
  };

  let sampling = Promise.resolve();
  const timer = setInterval(() => {
    sampling = sampling.then(sample);
  }, sampleMilliseconds);
  timer.unref();
  const close = () => {
    clearInterval(timer);
    closed.abort();
  };
  return {
    close,
    async stop() {
      clearInterval(timer);
      await sampling.then(sample);
      close();
      return { processorJoules: microjoules === null ? null : microjoules / 1e6, deviceJoules };
    },
  };
}

/** Of each processor as a whole: its parts, such as its cores, are in it. Null where there are none or none may be read. */
async function readCounters(folder: string): Promise<ReadonlyMap<string, Counter> | null> {
  const read = async (zone: string, file: string) => (await readFile(path.join(folder, zone, file), 'utf8')).trim();
  try {
    const counters = new Map<string, Counter>();
    for (const zone of await readdir(folder)) {
      if (!/^intel-rapl:\d+$/.test(zone) || !(await read(zone, 'name')).startsWith('package')) continue;
      const [value, range] = await Promise.all([read(zone, 'energy_uj'), read(zone, 'max_energy_range_uj')]);
      counters.set(zone, { value: Number(value), range: Number(range) });
    }
    return counters.size === 0 ? null : counters;
  } catch {
    return null;
  }
}

function countBetween(
  before: ReadonlyMap<string, Counter> | null,
  after: ReadonlyMap<string, Counter> | null,
): number | null {
  if (before === null || after === null) return null;
  let sum = 0;
  for (const [zone, { value, range }] of after) {
    const known = before.get(zone);
    if (known === undefined) return null;
    sum += value >= known.value ? value - known.value : range - known.value + value;
  }
  return sum;
}

async function readGpuPower(signal: AbortSignal): Promise<number | null> {
  const said = await askGpus('power.draw', signal);
  return said === null ? null : parsePower(said);
}

/** `71.34`, watts, a line for each GPU; `[N/A]` where one does not tell. */
export function parsePower(said: string): number | null {
  const lines = said.split('\n').filter((line) => line.trim() !== '');
  const watts = lines.map(Number);
  return watts.length === 0 || watts.some((value) => !Number.isFinite(value))
    ? null
    : watts.reduce((sum, value) => sum + value, 0);
}
