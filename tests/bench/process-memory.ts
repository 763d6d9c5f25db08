import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Resident memory of a process and all that it has started, in bytes. Shared pages count once for each process. */
export async function readResidentBytes(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,rss=']);
  const processes = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const family = new Set([pid]);
  let bytes = 0;
  // A child is listed after its parent, except where process ids have wrapped round.
  for (const [id = 0, parent = 0, kibibytes = 0] of processes.toSorted(([a = 0], [b = 0]) => a - b)) {
    if (!family.has(id) && !family.has(parent)) continue;
    family.add(id);
    bytes += kibibytes * 1024;
  }
  return bytes;
}
