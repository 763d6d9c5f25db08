import type { Conversation, Utterance } from '@kumiki/node-sdk';

/** Who speaks for the model, and how that was found. */
export type AssistantChoice = {
  readonly by: 'setting' | 'role' | 'name' | 'presence';
  /** Names as they are compared: folded, for `name` and `presence` without their numbers. */
  readonly names: readonly string[];
  readonly matches: (utterance: Utterance) => boolean;
};

export type SpeakerCount = { readonly speaker: string; readonly conversations: number };

/** What those who answer are called, in the languages that the interface speaks. */
const usualNames =
  /operator|agent|support|staff|assistant|advis[oe]r|help ?desk|customer service|(?:^|[^a-z])bot(?:[^a-z]|$)|オペレーター?|サポート|スタッフ|アシスタント|ボット|コンシェルジュ|アドバイザー|ヘルプデスク|担当|窓口|係$|店員|店舗|事務局/;

/** One who takes part in so many of the conversations between several people … */
const presentShare = 0.6;
/** … while nobody else takes part in more than so many of that one's, answers for all. */
const othersShare = 0.5;

const askingNames =
  /customer|user|guest|client|visitor|human|お客様?|顧客|利用者|ユーザー|ゲスト|質問者|回答者|相談者/g;

/** Whether a name is that of a role and of nobody, such as `operator_1` and サポート窓口. */
export function isRoleName(name: string): boolean {
  const rest = foldName(name)
    .replace(new RegExp(usualNames.source, 'g'), '')
    .replace(askingNames, '')
    .replace(/[\s\d_#().・-]+/g, '');
  return rest === '' || rest === '者';
}

/** The assistant that a person names: names with `*` for anything, separated by commas or line ends. */
export function readAssistantSetting(setting: string): AssistantChoice | null {
  const names = setting
    .split(/[,、，\n]/)
    .map(foldName)
    .filter((name) => name !== '');
  if (names.length === 0) return null;
  const patterns = names.map((name) => name.split('*'));
  const matches = ({ speaker }: Utterance) => patterns.some((parts) => matchesParts(foldName(speaker), parts));
  return { by: 'setting', names, matches };
}

/** Linear, unlike a regular expression of many stars. */
function matchesParts(name: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first) || name.length < first.length + last.length || !name.endsWith(last)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= name.length - last.length;
}

/**
 * Finds the assistant from how conversations look: where any tells roles, by role; else by names that those who answer
 * usually have (`operator_1`, 窓口); else whoever takes part in most of them while the others change. Null where none of
 * that is clear, which is for a person to say.
 */
export function chooseAssistant(conversations: readonly Conversation[]): AssistantChoice | null {
  if (conversations.some(({ utterances }) => utterances.some(({ role }) => role === 'assistant'))) {
    return { by: 'role', names: [], matches: ({ role }) => role === 'assistant' };
  }
  const shared = conversations.map(listStems).filter((stems) => stems.size > 1);
  const counts = countSpeakers(shared);
  const usual = counts.filter(({ speaker }) => usualNames.test(speaker));
  const named = new Set(usual.map(({ speaker }) => speaker));
  // Where all have such a name it tells nobody apart.
  const isTold = usual.length > 0 && shared.every((stems) => ![...stems].every((stem) => named.has(stem)));
  if (isTold) return choose('name', named);
  const [top, second] = counts;
  const isPresent = top !== undefined && shared.length > 1 && top.conversations >= shared.length * presentShare;
  if (!isPresent || (second?.conversations ?? 0) > top.conversations * othersShare) return null;
  return choose('presence', new Set([top.speaker]));
}

function choose(by: 'name' | 'presence', names: ReadonlySet<string>): AssistantChoice {
  return { by, names: [...names], matches: ({ speaker }) => names.has(stemName(speaker)) };
}

/** Who speaks in how many conversations, most first, for a person who has to say who the assistant is. */
export function listSpeakers(conversations: readonly Conversation[]): readonly SpeakerCount[] {
  return countSpeakers(conversations.map(listStems));
}

function countSpeakers(conversations: readonly ReadonlySet<string>[]): readonly SpeakerCount[] {
  const counts = new Map<string, number>();
  for (const stem of conversations.flatMap((stems) => [...stems])) counts.set(stem, (counts.get(stem) ?? 0) + 1);
  return [...counts]
    .map(([speaker, count]) => ({ speaker, conversations: count }))
    .toSorted((one, other) => other.conversations - one.conversations || (one.speaker < other.speaker ? -1 : 1));
}

function listStems({ utterances }: Conversation): ReadonlySet<string> {
  return new Set(
    utterances
      .filter(({ role }) => role !== 'system')
      .map(({ speaker }) => stemName(speaker))
      .filter((stem) => stem !== ''),
  );
}

function foldName(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase();
}

/** Without the number that tells operators apart, or customers. */
function stemName(name: string): string {
  const folded = foldName(name);
  return folded.replace(/[\s_#-]*\d+$/, '') || folded;
}
