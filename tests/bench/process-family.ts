import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export type FamilyMember = {
  readonly command: string;
  /** Shared pages count for each process that has them. */
  readonly residentBytes: number;
  readonly processorSeconds: number;
};

/** A process and all that it has started and that still runs. */
export async function listFamily(pid: number): Promise<readonly FamilyMember[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,rss=,time=,args='], {
    maxBuffer: 16 * 1024 * 1024,
  });
  const family = new Set([pid]);
  const members: FamilyMember[] = [];
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  // Parents before their children, except where process ids have wrapped round.
  for (const [id, parent, kibibytes, time = '', ...words] of lines.toSorted(([a], [b]) => Number(a) - Number(b))) {
    if (!family.has(Number(id)) && !family.has(Number(parent))) continue;
    family.add(Number(id));
    members.push({
      command: words.join(' '),
      residentBytes: Number(kibibytes) * 1024,
      processorSeconds: readSeconds(time),
    });
  }
  return members;
}

/** `[days-]hours:minutes:seconds`, where only minutes and seconds must be there. */
function readSeconds(time: string): number {
  const [clock = '', days = '0'] = time.split('-').toReversed();
  return clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) + Number(days) * 86_400;
}
