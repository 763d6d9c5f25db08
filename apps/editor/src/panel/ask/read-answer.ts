import type { Schemas } from '@kumiki/client';
import type { RunState } from '../../run/run-state.ts';

export type Citation = NonNullable<Schemas['Citation']>;

/** What one arm has answered so far. */
export type Answer = {
  readonly state: 'waiting' | 'streaming' | 'answered' | 'skipped';
  readonly text: string;
  /** A text is Markdown; any other value is told as JSON. */
  readonly isText: boolean;
  readonly citations: readonly Citation[];
};

/** The final answer where the run has one; else the text that has streamed. */
export function readAnswer(run: RunState, arm: string): Answer {
  const output = run.outputs?.[arm];
  if (output?.state === 'skipped') return { state: 'skipped', text: '', isText: true, citations: [] };
  if (output?.state === 'answered') {
    return {
      state: 'answered',
      text: formatValue(output.value),
      isText: typeof output.value === 'string',
      citations: output.citations.filter((citation) => citation !== null),
    };
  }
  const text = Object.values(run.nodes)
    .map((node) => node.text[arm] ?? '')
    .join('');
  return { state: text === '' ? 'waiting' : 'streaming', text, isText: true, citations: [] };
}

function formatValue(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

/** One line for each passage that was cited, with the best of its quotes: a marker before a match of sentences. */
export function listCited(citations: readonly Citation[]): readonly Citation[] {
  const byNumber = new Map<number, Citation>();
  for (const citation of citations) {
    const known = byNumber.get(citation.number);
    if (known === undefined || (known.kind === 'sentence' && citation.kind === 'marker')) {
      byNumber.set(citation.number, citation);
    }
  }
  return [...byNumber.values()].sort((a, b) => a.number - b.number);
}

/** A place of an answer where the number of a passage stands; nothing of the text where `from` is `to`. */
export type CitationMark = {
  readonly from: number;
  readonly to: number;
  readonly number: number;
  /** Null while the answer streams: it is not checked yet. */
  readonly citation: Citation | null;
};

/**
 * The marks of an answer, in its order. While it streams, every `[n]` that came through the filter is one; at the end
 * only those that were checked, and behind each sentence that was matched with a passage one that says so.
 */
export function listMarks({ state, text, citations }: Answer): readonly CitationMark[] {
  const marks =
    state === 'answered'
      ? citations.map((citation) => ({
          from: citation.kind === 'marker' ? citation.answerStart : citation.answerEnd,
          to: citation.answerEnd,
          number: citation.number,
          citation,
        }))
      : [...text.matchAll(/\[(\d{1,3})\]/g)].map((match) => ({
          from: match.index,
          to: match.index + match[0].length,
          number: Number(match[1]),
          citation: null,
        }));
  let taken = 0;
  return marks
    .sort((a, b) => a.from - b.from)
    .filter(({ from, to }) => {
      if (from < taken) return false;
      taken = to;
      return true;
    });
}
