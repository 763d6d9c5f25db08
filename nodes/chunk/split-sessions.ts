import type { Utterance } from '@kumiki/node-sdk';

/**
 * Parts a conversation where nobody said anything for longer than `gapMinutes` (0: never): a session each. What tells no
 * time belongs to what was said before it.
 */
export function splitSessions(utterances: readonly Utterance[], gapMinutes: number): readonly (readonly Utterance[])[] {
  const sessions: Utterance[][] = [];
  let before: number | null = null;
  for (const utterance of utterances) {
    const at = utterance.at === null ? null : Date.parse(utterance.at);
    const isLate = gapMinutes > 0 && before !== null && at !== null && at - before > gapMinutes * 60_000;
    const current = sessions.at(-1);
    if (current === undefined || isLate) sessions.push([utterance]);
    else current.push(utterance);
    before = at ?? before;
  }
  return sessions;
}
