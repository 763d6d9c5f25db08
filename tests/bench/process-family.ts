import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
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
      processorSeconds: (await readTicks(Number(id))) ?? readSeconds(time),
    });
  }
  return members;
}

export function sumProcessorSeconds(members: readonly FamilyMember[]): number {
  return members.reduce((sum, { processorSeconds }) => sum + processorSeconds, 0);
}

/** Whether it is a Postgres that a bench has started, or one of its back ends. */
export function isPostgres({ command }: FamilyMember): boolean {
  return /^(\S*\/)?postgres[: ]/.test(command);
}

/** Linux tells hundredths of a second, `ps` whole ones; null on other systems. */
async function readTicks(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (status === null) return null;
  // Fields 14 and 15, counted after the command's name, which may hold blanks and brackets.
  const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** `[days-]hours:minutes:seconds`, where only minutes and seconds must be there. */
function readSeconds(time: string): number {
  const [clock = '', days = '0'] = time.split('-').toReversed();
  return clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) + Number(days) * 86_400;
}
