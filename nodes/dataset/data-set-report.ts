import type { LocalisedText } from '@kumiki/flow';
import type { DataSetNote } from '@kumiki/node-sdk';

/** Places that are kept of each finding; the counts are complete. */
const mostPlaces = 100;
/** Findings of one code that differ in what they say; any more are counted with the last. */
const mostNotes = 40;

type Place = DataSetNote['places'][number];

/** Gathers what a person should know of a data set, in the order in which it is first met. */
export class DataSetReport {
  readonly #notes = new Map<string, { code: string; message: LocalisedText; count: number; places: Place[] }>();

  constructor(earlier: readonly DataSetNote[] = []) {
    for (const note of earlier) this.#notes.set(keyOf(note), { ...note, places: [...note.places] });
  }

  add(code: string, message: LocalisedText, place: Place | null = null, count = 1): void {
    const key = keyOf({ code, message });
    const same = [...this.#notes.values()].filter((note) => note.code === code);
    const note = this.#notes.get(key) ??
      (same.length >= mostNotes ? same.at(-1) : undefined) ?? { code, message, count: 0, places: [] };
    note.count += count;
    if (place !== null && note.places.length < mostPlaces) note.places.push(place);
    if (!this.#notes.has(keyOf(note))) this.#notes.set(key, note);
  }

  get notes(): readonly DataSetNote[] {
    return [...this.#notes.values()];
  }

  countOf(code: string): number {
    return this.notes.filter((note) => note.code === code).reduce((sum, { count }) => sum + count, 0);
  }
}

function keyOf({ code, message }: Pick<DataSetNote, 'code' | 'message'>): string {
  return `${code} ${message.en}`;
}
