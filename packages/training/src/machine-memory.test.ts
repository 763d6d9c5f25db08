import { expect, it } from 'vitest';
import { parseGpu, readMachineMemory } from './machine-memory.ts';
import { spreadTraining } from './trainer-process.ts';

it('counts the room of the fullest of several equal GPUs, since each holds the whole model', () => {
  expect(parseGpu('22000, NVIDIA L4\n')).toEqual({
    device: 'cuda',
    free: 22_000 * 2 ** 20,
    hardware: 'NVIDIA L4',
    devices: 1,
  });
  expect(parseGpu('22000, NVIDIA L4\n8000, NVIDIA L4\n')).toMatchObject({
    free: 8_000 * 2 ** 20,
    hardware: '2 × NVIDIA L4',
    devices: 2,
  });
  expect(parseGpu('NVIDIA-SMI has failed because it could not communicate with the driver.')).toBeNull();
});

it('finds some room on this machine, and says what it is', async () => {
  const { free, hardware, devices } = await readMachineMemory(new AbortController().signal);
  expect(free).toBeGreaterThan(1e6);
  expect(hardware).not.toBe('');
  expect(devices).toBeGreaterThanOrEqual(1);
});

it('starts a process for each of several GPUs', () => {
  const trainer = { program: 'python', parameters: ['-m', 'kumiki_trainer'], environment: {} };
  expect(spreadTraining(trainer, { device: 'cuda', devices: 1 })).toEqual(trainer);
  expect(spreadTraining(trainer, { device: 'cpu', devices: 1 })).toEqual(trainer);
  expect(spreadTraining(trainer, { device: 'cuda', devices: 2 }).parameters).toEqual([
    ...['-m', 'torch.distributed.run', '--standalone', '--nproc-per-node=2'],
    ...['-m', 'kumiki_trainer'],
  ]);
});
