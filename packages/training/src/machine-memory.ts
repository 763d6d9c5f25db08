import { readFile } from 'node:fs/promises';
import os from 'node:os';
import { runProgram } from './run-program.ts';

/** What a training can have here: memory in bytes, on the device where it will run. */
export type MachineMemory = {
  readonly device: 'cpu' | 'cuda';
  /** Of one device: each holds the whole model. */
  readonly free: number;
  readonly hardware: string;
  /** How many GPUs there are; 1 for a processor. */
  readonly devices: number;
};

/** Asks the NVIDIA GPUs where there are some, else the system; limits of a container count. */
export async function readMachineMemory(signal: AbortSignal): Promise<MachineMemory> {
  const gpu = await readGpu(signal);
  if (gpu !== null) return gpu;
  const [processor] = os.cpus();
  const cores = os.availableParallelism();
  const hardware = `${processor?.model.trim() || os.arch()}, ${cores} ${cores === 1 ? 'core' : 'cores'}`;
  return { device: 'cpu', free: Math.min(os.freemem(), await readContainerRoom()), hardware, devices: 1 };
}

async function readGpu(signal: AbortSignal): Promise<MachineMemory | null> {
  const said = await askGpus('memory.free,name', signal);
  return said === null ? null : parseGpu(said);
}

/** What `nvidia-smi` says of these fields, a line for each GPU; null where there is none. Rejects where it is aborted. */
export async function askGpus(fields: string, signal: AbortSignal): Promise<string | null> {
  try {
    const question = [`--query-gpu=${fields}`, '--format=csv,noheader,nounits'];
    const { code, said } = await runProgram('nvidia-smi', question, { signal });
    return code === 0 ? said : null;
  } catch {
    signal.throwIfAborted();
    return null;
  }
}

/** `12345, NVIDIA L4`: mebibytes and a name, a line for each GPU. The one with the least room counts. */
export function parseGpu(said: string): MachineMemory | null {
  const gpus = said.split('\n').flatMap((line) => {
    const [, free, name] = /^(\d+), (.+)$/.exec(line.trim()) ?? [];
    return free === undefined || name === undefined ? [] : [{ free: Number(free) * 2 ** 20, name }];
  });
  const [first] = gpus;
  if (first === undefined) return null;
  const hardware = gpus.length === 1 ? first.name : `${gpus.length} × ${first.name}`;
  return { device: 'cuda', free: Math.min(...gpus.map(({ free }) => free)), hardware, devices: gpus.length };
}

/** Of a container with a limit (control groups, version 2): what it may still take. Files that are only cached give way. */
async function readContainerRoom(folder = '/sys/fs/cgroup'): Promise<number> {
  const read = (name: string) => readFile(`${folder}/${name}`, 'utf8').catch(() => '');
  const [most, used, kinds] = await Promise.all(['memory.max', 'memory.current', 'memory.stat'].map(read));
  const limit = Number(most);
  if (!(limit > 0)) return Number.POSITIVE_INFINITY;
  const cached = Number(/^inactive_file (\d+)$/m.exec(kinds ?? '')?.[1] ?? 0);
  return Math.max(0, limit - Number(used) + cached);
}
