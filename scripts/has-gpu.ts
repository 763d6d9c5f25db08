import { spawnSync } from 'node:child_process';

/** Whether this machine has an NVIDIA GPU that its driver can reach. */
export function hasGpu(): boolean {
  const { status, stdout } = spawnSync('nvidia-smi', ['--list-gpus'], { encoding: 'utf8', timeout: 10_000 });
  return status === 0 && stdout.includes('GPU ');
}
