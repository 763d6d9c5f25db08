import type { Chunk } from '@kumiki/node-sdk';
import type { CountTokens } from './chunk-document.ts';
import { cutSpan } from './cut-span.ts';
import type { Span } from './find-sentences.ts';
import type { Session, Transcript, Turn } from './render-transcript.ts';

export type WindowSettings = {
  /** Tokens of a chunk, at most. */
  readonly size: number;
  /** Turns of a chunk, at most. */
  readonly turns: number;
  /** Turns that a chunk repeats of the one before. */
  readonly overlap: number;
};

/** No tokenizer makes more tokens of a code unit: three bytes of UTF-8 at most. */
const tokensPerUnit = 3;

/** A turn, or a piece of one that is longer than a chunk. */
type Atom = Span & { readonly turn: Turn; readonly place: number; readonly tokens: number };

/**
 * Windows of whole turns, none over the border of a session; only a turn that alone is too long is cut within. Each chunk's
 * text is what stands between its offsets in the transcript. A chunk that begins within a turn has whose turn it is as
 * its last heading. Tokens are counted in one call, turn by turn.
 */
export async function chunkTranscript(
  transcript: Transcript,
  settings: WindowSettings,
  countTokens: CountTokens,
): Promise<Chunk[]> {
  const longest = Math.max(1, Math.floor(settings.size / tokensPerUnit));
  const { text } = transcript;
  const pieces = transcript.sessions.flatMap(({ turns }) =>
    turns.map((turn) => cutSpan(text, turn, longest).filter(({ start, end }) => text.slice(start, end).trim() !== '')),
  );
  const counts = await countTokens(pieces.flat().map(({ start, end }) => text.slice(start, end).normalize('NFKC')));
  let counted = 0;
  let cut = 0;
  const chunks: Chunk[] = [];
  for (const session of transcript.sessions) {
    const atoms = session.turns.flatMap((turn, place): Atom[] => {
      const own = (pieces[cut++] ?? []).map(
        (piece): Atom => ({ ...piece, turn, place, tokens: counts[counted++] ?? 0 }),
      );
      const tokens = sumTokens(own);
      return tokens <= settings.size ? [{ start: turn.start, end: turn.end, turn, place, tokens }] : own;
    });
    for (const window of packWindows(atoms, settings))
      chunks.push(describeWindow(window, session, text, chunks.length));
  }
  return chunks;
}

function packWindows(atoms: readonly Atom[], { size, turns, overlap }: WindowSettings): (readonly Atom[])[] {
  const windows: (readonly Atom[])[] = [];
  let current: readonly Atom[] = [];
  for (const atom of atoms) {
    if (current.length > 0 && !fits([...current, atom], size, turns)) {
      windows.push(current);
      current = takeOverlap(current, atom, { size, turns, overlap });
    }
    current = [...current, atom];
  }
  return current.length === 0 ? windows : [...windows, current];
}

function fits(atoms: readonly Atom[], size: number, turns: number): boolean {
  const [first] = atoms;
  const last = atoms.at(-1);
  if (first === undefined || last === undefined) return true;
  return last.place - first.place < turns && sumTokens(atoms) <= size;
}

/** The last turns of a window that fit in front of what comes next, at most half of it, and never all of a window. */
function takeOverlap(window: readonly Atom[], next: Atom, { size, turns, overlap }: WindowSettings): readonly Atom[] {
  let taken: readonly Atom[] = [];
  for (let count = 1; count <= overlap; count++) {
    const from = window.findIndex(({ place }) => place > next.place - 1 - count);
    const candidate = from <= 0 ? [] : window.slice(from);
    if (candidate.length === 0 || sumTokens(candidate) > size / 2 || !fits([...candidate, next], size, turns)) break;
    taken = candidate;
  }
  return taken;
}

function describeWindow(atoms: readonly Atom[], { headings }: Session, text: string, ordinal: number): Chunk {
  const [first] = atoms;
  const start = first?.start ?? 0;
  const end = atoms.at(-1)?.end ?? start;
  const isWithin = first !== undefined && start > first.turn.start && first.turn.label !== '';
  return {
    ordinal,
    text: text.slice(start, end),
    start,
    end,
    tokens: sumTokens(atoms),
    headings: isWithin ? [...headings, first.turn.label] : headings,
    page: null,
  };
}

function sumTokens(atoms: readonly Atom[]): number {
  return atoms.reduce((sum, { tokens }) => sum + tokens, 0);
}
