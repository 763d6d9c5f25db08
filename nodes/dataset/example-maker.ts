import { type Conversation, type DocumentHead, type Example, KumikiError, type StreamElement } from '@kumiki/node-sdk';
import { splitSessions } from '../chunk/split-sessions.ts';
import type { AssistantChoice } from './choose-assistant.ts';
import { type CutSettings, countExample, cutExamples } from './cut-examples.ts';
import type { DataSetReport } from './data-set-report.ts';
import { DuplicateFinder } from './find-duplicates.ts';
import { findings } from './findings.ts';
import { makeMessages } from './make-messages.ts';

export type ExampleSettings = CutSettings & {
  readonly gapMinutes: number;
  readonly system: string;
  readonly withSpeakers: boolean;
  readonly duplicates: 'near' | 'exact' | 'keep';
  readonly similarity: number;
};

export type UnsplitExample = Omit<Example, 'split'>;

type Read = Extract<StreamElement<Conversation>, { items: unknown }>;

/** Makes examples of one document after the other, and counts what became of everything. */
export class ExampleMaker {
  readonly #settings: ExampleSettings;
  readonly #report: DataSetReport;
  readonly #duplicates: DuplicateFinder | null;
  readonly #answering = new Set<string>();
  readonly #tokens: number[] = [];
  #conversations = 0;
  #answers = 0;
  #merged = 0;
  #empty = 0;
  #openings = 0;
  #short = 0;

  constructor(settings: ExampleSettings, report: DataSetReport) {
    this.#settings = settings;
    this.#report = report;
    const { duplicates, similarity } = settings;
    this.#duplicates = duplicates === 'keep' ? null : new DuplicateFinder(duplicates === 'near' ? similarity : 1);
  }

  *makeFrom({ document, items, unreadable }: Read, assistant: AssistantChoice): Generator<UnsplitExample> {
    for (const { line, reason, part } of unreadable ?? []) {
      this.#report.add('row-unreadable', reason, { document: document.id, line, detail: part ?? '' });
    }
    for (const [label, count] of readMasked(document)) this.#report.add('masked', findings.masked(label), null, count);
    for (const conversation of items) yield* this.#makeOf(conversation, document, assistant);
  }

  *#makeOf(conversation: Conversation, document: DocumentHead, assistant: AssistantChoice): Generator<UnsplitExample> {
    const [settings, report] = [this.#settings, this.#report];
    const place = { document: document.id, line: conversation.line, detail: conversation.id };
    const group = `${document.id}#${conversation.id}`;
    this.#conversations += 1;
    let made = 0;
    let tooLong = 0;
    for (const session of splitSessions(conversation.utterances, settings.gapMinutes)) {
      const messages = makeMessages(session, assistant.matches, settings);
      const cut = cutExamples(messages.turns, settings.system || messages.system, settings);
      for (const one of session) if (one.speaker !== '' && assistant.matches(one)) this.#answering.add(one.speaker);
      this.#merged += messages.merged;
      this.#empty += messages.empty;
      this.#openings += cut.openings;
      this.#short += cut.short;
      tooLong += cut.tooLong.length;
      for (const tokens of cut.tooLong)
        report.add('too-long', findings.tooLong(settings.maximumTokens), {
          ...place,
          detail: `${place.detail}: ${tokens}`,
        });
      for (const example of cut.examples) {
        made += 1;
        const id = `${group}/${made}`;
        if (this.#isRepeated(id, example, place)) continue;
        this.#answers += example.trained.length;
        this.#tokens.push(countExample(example));
        yield { id, documents: [document.id], group, ...example, passages: null };
      }
    }
    if (made === 0 && tooLong === 0) report.add('no-answer', findings.noAnswer, place);
  }

  #isRepeated(
    id: string,
    example: Pick<Example, 'messages'>,
    place: { document: string; line: number | null; detail: string },
  ): boolean {
    const text = example.messages.flatMap(({ role, content }) => (role === 'system' ? [] : [content])).join('\n');
    const found = this.#duplicates?.add(id, text) ?? null;
    if (found === null) return false;
    const report = this.#report;
    const detail = `${place.detail} = ${found.of}`;
    if (found.kind === 'exact') report.add('duplicate', findings.duplicate, { ...place, detail });
    else report.add('near-duplicate', findings.nearDuplicate, { ...place, detail });
    return true;
  }

  /** What is known only at the end: who answered, and how much there is. */
  finish(assistant: AssistantChoice): void {
    const report = this.#report;
    const names = [...this.#answering].toSorted();
    report.add('assistant', findings.assistant(assistant.by, names), null, this.#conversations);
    report.add('statistics', findings.statistics(this.#answers, this.#tokens), null, this.#tokens.length);
    if (this.#merged > 0) report.add('merged', findings.merged, null, this.#merged);
    if (this.#empty > 0) report.add('empty', findings.empty, null, this.#empty);
    if (this.#openings > 0) report.add('opening', findings.opening, null, this.#openings);
    if (this.#short > 0) report.add('short-answer', findings.shortAnswer, null, this.#short);
  }
}

/** What `dataset/mask-personal-data` wrote beside the document. */
function readMasked({ metadata: { masked } }: DocumentHead): readonly [label: string, count: number][] {
  if (typeof masked !== 'object' || masked === null) return [];
  return Object.entries(masked).flatMap(([label, count]): [string, number][] =>
    typeof count === 'number' ? [[label, count]] : [],
  );
}

export function refuseEmpty(report: DataSetReport, node: string): KumikiError {
  const reasons = report.notes
    .filter(({ code }) => leavingOut.has(code))
    .toSorted((one, other) => other.count - one.count);
  const list = (language: 'en' | 'ja') =>
    reasons
      .slice(0, 3)
      .map(({ message, count }) => `${message[language]} (${count})`)
      .join(' ');
  return new KumikiError({
    code: 'dataset-empty',
    status: 422,
    node,
    message: {
      en: `No example came out of the conversations, so that “${node}” made no data set. ${list('en')}`.trim(),
      ja: `会話から例を 1 件もつくれなかったため、「${node}」は教材をつくれませんでした。${list('ja')}`,
    },
  });
}

const leavingOut: ReadonlySet<string> = new Set([
  'document-unreadable',
  'row-unreadable',
  'no-answer',
  'too-long',
  'short-answer',
  'opening',
]);
