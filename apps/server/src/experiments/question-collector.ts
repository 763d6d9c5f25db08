import { createHash } from 'node:crypto';
import type { JsonValue, LocalisedText } from '@kumiki/flow';
import { DuplicateFinder } from '@kumiki/nodes';
import type { NewQuestionSet, QuestionContent, QuestionSetCounts } from '@kumiki/store';
import type { z } from 'zod';
import type { rowFindingSchema } from '../contract/question-sets.ts';
import { type RawQuestion, readQuestion } from './read-question.ts';

export type RowFinding = z.infer<typeof rowFindingSchema>;

/** Where a row was read. */
export type RowOrigin = {
  /** The file; null where rows were sent as they are. */
  readonly document: string | null;
  readonly line: number | null;
  readonly sourceHash: string | null;
  readonly subject: string | null;
};

/** What is longer is no question that a person asks, and no model reads it. */
const mostRowBytes = 1_000_000;
/** Places that are kept of each finding; the counts are complete. */
const mostPlaces = 100;
const shownCharacters = 120;

const messages: Readonly<Record<Exclude<RowFinding['code'], 'row-unreadable' | 'document-unreadable'>, LocalisedText>> =
  {
    'question-missing': {
      en: 'There is no question, so the row was left out.',
      ja: '質問がないため、行を除きました。',
    },
    'reference-missing': {
      en: 'There is no reference answer: metrics that compare with one do not apply to these rows.',
      ja: '模範解答がありません。模範解答と比べる指標は、これらの行には使えません。',
    },
    'row-duplicate': {
      en: 'The same question was there before, so the row was left out.',
      ja: '同じ質問がすでにあるため、行を除きました。',
    },
    'row-too-long': {
      en: 'The row is larger than 1 MB, so it was left out.',
      ja: '行が 1 MB を超えるため、除きました。',
    },
  };

/** Takes rows one after the other, and says what became of those that cannot be asked. */
export class QuestionCollector {
  readonly #questions: NewQuestionSet['questions'][number][] = [];
  readonly #findings = new Map<string, RowFinding>();
  readonly #duplicates = new DuplicateFinder(1);

  add(value: unknown, origin: RowOrigin): void {
    const bytes = Buffer.byteLength(JSON.stringify(value) ?? '');
    const read = bytes > mostRowBytes ? null : readQuestion(value);
    if (read === null) this.#leaveOut('row-too-long', origin, { detail: `${bytes} bytes` });
    else if ('reason' in read) this.addUnreadable(read.reason, origin);
    else if (read.question === '') this.#leaveOut('question-missing', origin, { detail: read.id ?? '' });
    else this.#addRead(read, origin);
  }

  #addRead(read: RawQuestion, origin: RowOrigin): void {
    const number = this.#questions.length + 1;
    const same = this.#duplicates.add(String(number), `${read.question}\n${JSON.stringify(read.inputs)}`);
    if (same !== null) {
      this.#leaveOut('row-duplicate', origin, { ...read, detail: `= ${same.of}` });
      return;
    }
    if (read.references.length === 0 && read.answerable) {
      this.#note('reference-missing', messages['reference-missing'], origin, { ...read, detail: '', leftOut: false });
    }
    const { sourceHash, subject } = origin;
    this.#questions.push({ content: makeContent(read, number), sourceHash, subject });
  }

  addUnreadable(reason: LocalisedText, origin: RowOrigin, detail = ''): void {
    this.#note('row-unreadable', reason, origin, { question: '', detail, leftOut: true });
  }

  addUnreadableDocument(reason: LocalisedText, origin: RowOrigin): void {
    this.#note('document-unreadable', reason, origin, { question: '', detail: '', leftOut: true });
  }

  get findings(): readonly RowFinding[] {
    return [...this.#findings.values()];
  }

  /** What is frozen: the same rows have the same hash. */
  finish(): Pick<NewQuestionSet, 'questions' | 'counts' | 'sha256'> {
    const contents = this.#questions.map(({ content }) => content);
    const hash = createHash('sha256');
    for (const content of contents) hash.update(formatQuestionLine(content));
    return { questions: this.#questions, counts: countQuestions(contents), sha256: hash.digest('hex') };
  }

  #leaveOut(
    code: keyof typeof messages,
    origin: RowOrigin,
    { question = '', detail }: { readonly question?: string; readonly detail: string },
  ): void {
    this.#note(code, messages[code], origin, { question, detail, leftOut: true });
  }

  #note(
    code: RowFinding['code'],
    message: LocalisedText,
    { document, line }: RowOrigin,
    { question, detail, leftOut }: { readonly question: string; readonly detail: string; readonly leftOut: boolean },
  ): void {
    const key = `${code} ${message.en}`;
    const finding = this.#findings.get(key) ?? { code, leftOut, message: { ...message }, count: 0, places: [] };
    finding.count += 1;
    if (finding.places.length < mostPlaces) {
      finding.places.push({ document, line, question: [...question].slice(0, shownCharacters).join(''), detail });
    }
    this.#findings.set(key, finding);
  }
}

/** A question as it stands in the file of its set. By keys in a fixed order, since the database keeps none. */
export function formatQuestionLine(content: QuestionContent): string {
  const { id, question, references, topic, cluster, answerable } = content;
  const passages = content.passages.map(({ document, text }) => ({ document, text }));
  const inputs = sortKeys(content.inputs);
  return `${JSON.stringify({ id, question, references, passages, topic, cluster, answerable, inputs })}\n`;
}

function sortKeys(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sortKeys(item)]));
}

/** Questions about one document belong together, where nobody says otherwise; one that is known to no other stands alone. */
function makeContent({ id, cluster, passages, ...rest }: RawQuestion, number: number): QuestionContent {
  const document = passages.find((passage) => passage.document !== undefined)?.document;
  return { ...rest, passages, id: id ?? String(number), cluster: cluster ?? document ?? `#${number}` };
}

export function countQuestions(contents: readonly QuestionContent[]): QuestionSetCounts {
  const count = (which: (content: QuestionContent) => boolean) => contents.filter(which).length;
  return {
    rows: contents.length,
    clusters: new Set(contents.map(({ cluster }) => cluster)).size,
    withReference: count(({ references }) => references.length > 0),
    withPassages: count(({ passages }) => passages.length > 0),
    unanswerable: count(({ answerable }) => !answerable),
    topics: new Set(contents.flatMap(({ topic }) => topic ?? [])).size,
  };
}
