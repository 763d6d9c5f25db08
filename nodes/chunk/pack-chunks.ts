import type { Chunk, Document } from '@kumiki/node-sdk';
import type { ChunkSettings } from './chunk-document.ts';
import type { Span } from './find-sentences.ts';
import type { Section } from './split-sections.ts';

/** What is never cut any further: a sentence, or a piece of one that is longer than a chunk. */
export type Atom = Span & { readonly tokens: number; readonly section: Section; readonly isHeading: boolean };
export type Paragraph = { readonly section: Section; readonly atoms: readonly Atom[]; readonly tokens: number };

/** Below this share of its size a chunk takes sentences of the next paragraph rather than end before it. */
const wellFilled = 0.25;
/** Below this share a chunk says too little alone, and goes on into the next top-level section. */
const tiny = 0.125;

/**
 * Fills chunks in order: whole sections where they fit, else whole paragraphs, else sentences. A chunk that ends within
 * a section hands whole sentences of up to `overlap` tokens on to the next; headings at its end move there altogether.
 */
export function packChunks(document: Document, paragraphs: readonly Paragraph[], settings: ChunkSettings): Chunk[] {
  const { size, overlap } = settings;
  const sectionTokens = new Map<Section, number>();
  for (const { section, tokens } of paragraphs) sectionTokens.set(section, (sectionTokens.get(section) ?? 0) + tokens);
  const packed: (readonly Atom[])[] = [];
  let current: Atom[] = [];
  let filled = 0;
  /** How many of `current` were in the chunk before too. */
  let repeated = 0;

  const startWith = (atoms: readonly Atom[], fromBefore: number) => {
    current = [...atoms];
    filled = atoms.reduce((sum, { tokens }) => sum + tokens, 0);
    repeated = fromBefore;
  };
  const close = (next: Atom | undefined) => {
    if (current.length <= repeated) return startWith([], 0);
    const headings = takeHeadings(current, repeated);
    const whole = headings === 0 ? current : current.slice(0, -headings);
    packed.push(whole);
    const moved = current.slice(whole.length);
    const goesOn = moved.length === 0 && next?.section === whole.at(-1)?.section;
    const kept = goesOn ? findOverlap(whole, overlap) : [];
    startWith([...kept, ...moved], kept.length);
  };
  const add = (atom: Atom) => {
    if (filled + atom.tokens > size) close(atom);
    // What is carried over gives way where it would leave no room.
    if (filled + atom.tokens > size) {
      if (current.length > repeated) packed.push(current);
      startWith([], 0);
    }
    current.push(atom);
    filled += atom.tokens;
  };

  let previous: Section | null = null;
  for (const { section, atoms, tokens } of paragraphs) {
    const [first] = atoms;
    if (first === undefined) continue;
    if (previous !== null && section !== previous) {
      const entersTop = section.top !== previous.top && filled >= size * tiny;
      const exceeds = filled >= size * wellFilled && filled + (sectionTokens.get(section) ?? 0) > size;
      if (entersTop || exceeds) close(first);
    } else if (filled >= size * wellFilled && filled + tokens > size && tokens <= size) {
      close(first);
      if (filled + tokens > size && current.length === repeated) startWith([], 0);
    }
    for (const atom of atoms) add(atom);
    previous = section;
  }
  if (current.length > repeated) packed.push(current);
  return describeChunks(document, packed);
}

/** How many headings stand at the end with nothing under them; never all that a chunk newly has. */
function takeHeadings(atoms: readonly Atom[], repeated: number): number {
  let count = 0;
  while (count < atoms.length - repeated - 1 && atoms.at(-1 - count)?.isHeading === true) count++;
  return count;
}

/** The last whole sentences of up to `overlap` tokens: fewer than the chunk has, and none from above a heading. */
function findOverlap(atoms: readonly Atom[], overlap: number): readonly Atom[] {
  let tokens = 0;
  let from = atoms.length;
  while (from > 1) {
    const atom = atoms[from - 1];
    if (atom === undefined || atom.isHeading || atom.section !== atoms.at(-1)?.section) break;
    tokens += atom.tokens;
    if (tokens > overlap) break;
    from--;
  }
  return atoms.slice(from);
}

function describeChunks({ text, pages }: Document, packed: readonly (readonly Atom[])[]): Chunk[] {
  const chunks: Chunk[] = [];
  let page = 0;
  for (const atoms of packed) {
    const start = atoms[0]?.start ?? 0;
    const end = atoms.at(-1)?.end ?? start;
    // An overlap may reach back over the start of a page.
    while (page > 0 && (pages[page]?.start ?? 0) > start) page--;
    while ((pages[page + 1]?.start ?? Number.POSITIVE_INFINITY) <= start) page++;
    chunks.push({
      ordinal: chunks.length,
      text: text.slice(start, end),
      start,
      end,
      tokens: atoms.reduce((sum, { tokens }) => sum + tokens, 0),
      headings: findSharedPath(atoms),
      page: pages[page]?.page ?? null,
    });
  }
  return chunks;
}

/** Titles above all that a chunk says: where it spans several sections, those that they share. */
function findSharedPath(atoms: readonly Atom[]): readonly string[] {
  const body = atoms.filter(({ isHeading }) => !isHeading);
  const saying = body.length === 0 ? atoms : body;
  let shared = saying[0]?.section.path ?? [];
  for (const { section } of saying) {
    if (section.path === shared) continue;
    const { path } = section;
    const differs = shared.findIndex((heading, depth) => heading !== path[depth]);
    if (differs >= 0) shared = shared.slice(0, differs);
  }
  return shared.map(({ title }) => title);
}
