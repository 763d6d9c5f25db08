import { readFileSync } from 'node:fs';
import { cpus, hostname, totalmem } from 'node:os';

/**
 * What all processes of this machine call it, and no process of another one. Containers have host names of their own, and
 * machine ids that are missing or came with their image; but they share the kernel, and the id that Linux draws when that
 * boots. After a restart it is another one, and by then nobody is left who could still be at work.
 */
export function findMachine(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    // Elsewhere there are no containers that reach a GPU.
    return hostname();
  }
}

/** This process, for people who wonder who has what they wait for. */
export function describeProcess(): string {
  return `${hostname()}, process ${process.pid}`;
}

/** What this machine has to answer with, for people who read what was measured on it. */
export function describeHardware(): string {
  const cores = cpus();
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  return `${cores.length} × ${cores[0]?.model.trim() ?? 'CPU'}, ${gibibytes} GiB`;
}
