import { createHash } from 'node:crypto';
import type { Example } from '@kumiki/node-sdk';

export type SplitSettings = {
  /** Share of the groups that go into the evaluation, 0…1. */
  readonly share: number;
  readonly seed: number;
};

/** Where a group's place is between 0 and 1: its own, whatever other groups there are. */
export function placeGroup(group: string, seed: number): number {
  return createHash('sha256').update(`${seed}\n${group}`).digest().readUIntBE(0, 6) / 2 ** 48;
}

/**
 * Puts whole groups into the evaluation: those whose place, made of group and seed alone, lies below the share. So a
 * group that is added moves no other. Where none lies there (few groups, a small share), the first from below goes,
 * unless it is the only one: that group's examples come last. Examples of a group have to come one after the other.
 */
export async function* splitExamples<Unsplit extends Pick<Example, 'group'>>(
  examples: AsyncIterable<Unsplit> | Iterable<Unsplit>,
  { share, seed }: SplitSettings,
): AsyncGenerator<Unsplit & Pick<Example, 'split'>> {
  if (share <= 0) {
    for await (const example of examples) yield { ...example, split: 'train' };
    return;
  }
  let evaluated = false;
  let groups = 0;
  /** The group that lies lowest so far, as long as nothing was evaluated; the first in any case. */
  let held: Group<Unsplit> | null = null;
  const sideOf = ({ place }: Group<Unsplit>) => (place < share ? 'evaluation' : 'train');
  for await (const members of gatherGroups(examples)) {
    groups += 1;
    const group = { place: placeGroup(members[0]?.group ?? '', seed), members };
    if (held === null) {
      if (groups === 1 || !evaluated) held = group;
      else yield* mark(group, sideOf(group));
      continue;
    }
    const [lower, higher] = group.place < held.place ? ([group, held] as const) : ([held, group] as const);
    yield* mark(higher, sideOf(higher));
    evaluated ||= lower.place < share;
    held = evaluated ? null : lower;
    if (held === null) yield* mark(lower, sideOf(lower));
  }
  if (held !== null) yield* mark(held, groups > 1 && !evaluated ? 'evaluation' : 'train');
}

type Group<Unsplit> = { readonly place: number; readonly members: readonly Unsplit[] };

async function* gatherGroups<Unsplit extends { readonly group: string }>(
  examples: AsyncIterable<Unsplit> | Iterable<Unsplit>,
): AsyncGenerator<readonly Unsplit[]> {
  let members: Unsplit[] = [];
  for await (const example of examples) {
    if (members.length > 0 && members[0]?.group !== example.group) {
      yield members;
      members = [];
    }
    members.push(example);
  }
  if (members.length > 0) yield members;
}

function* mark<Unsplit>(
  { members }: Group<Unsplit>,
  split: Example['split'],
): Generator<Unsplit & Pick<Example, 'split'>> {
  for (const member of members) yield { ...member, split };
}
