import { createHash } from 'node:crypto';

/** Lengths of the pieces that texts are compared by, in characters. */
const shingleLength = 4;
/** Shorter texts have too few pieces to be alike by chance only seldom, so that they are compared as a whole. */
const shortestComparable = 24;
const bands = 16;
const rowsPerBand = 4;
const hashes = bands * rowsPerBand;

export type Duplicate = { readonly kind: 'exact' | 'near'; readonly of: string };

/** A text as it is compared; without a signature only with the same. */
type ReadText = { readonly digest: string; readonly signature: Uint32Array | null; readonly keys: readonly string[] };

/**
 * Finds texts that were there before: the same but for case, width, spaces and signs, or alike by at least `similarity`, the
 * Jaccard index of their pieces of four characters, estimated by MinHash of 64 values (Broder 1997; one standard
 * error is 0.05 at 0.8). Candidates share one of 16 bands of 4 values, which misses 0.02% of the pairs that are alike by
 * 0.8. Remembers 300 bytes of each text, not the text.
 */
export class DuplicateFinder {
  readonly #similarity: number;
  readonly #exact = new Map<string, string>();
  readonly #buckets = new Map<string, number[]>();
  readonly #signatures: { readonly id: string; readonly signature: Uint32Array }[] = [];

  /** `similarity` 1 looks for the same texts only. */
  constructor(similarity: number) {
    this.#similarity = similarity;
  }

  /** What the text repeats, or null where it is new; only then it is remembered. */
  add(id: string, text: string): Duplicate | null {
    const read = this.#read(text);
    const found = this.#find(read);
    if (found === null) this.#remember(id, read);
    return found;
  }

  /** Remembers a text, whether or not it repeats another. */
  remember(id: string, text: string): void {
    this.#remember(id, this.#read(text));
  }

  /** What the text repeats of those that were added; it is not remembered. */
  find(text: string): Duplicate | null {
    return this.#find(this.#read(text));
  }

  #read(text: string): ReadText {
    const folded = foldText(text);
    const digest = createHash('sha256').update(folded).digest('base64');
    if (this.#similarity >= 1 || folded.length < shortestComparable) return { digest, signature: null, keys: [] };
    const signature = signText(folded);
    return { digest, signature, keys: Array.from({ length: bands }, (_, band) => keyOfBand(signature, band)) };
  }

  #remember(id: string, { digest, signature, keys }: ReadText): void {
    this.#exact.set(digest, id);
    if (signature === null) return;
    const place = this.#signatures.push({ id, signature }) - 1;
    for (const key of keys) {
      const bucket = this.#buckets.get(key);
      if (bucket === undefined) this.#buckets.set(key, [place]);
      else bucket.push(place);
    }
  }

  #find({ digest, signature, keys }: ReadText): Duplicate | null {
    const same = this.#exact.get(digest);
    if (same !== undefined) return { kind: 'exact', of: same };
    const near = signature === null ? null : this.#findNear(signature, keys);
    return near === null ? null : { kind: 'near', of: near };
  }

  #findNear(signature: Uint32Array, keys: readonly string[]): string | null {
    const seen = new Set<number>();
    for (const key of keys) {
      for (const place of this.#buckets.get(key) ?? []) {
        if (seen.has(place)) continue;
        seen.add(place);
        const other = this.#signatures[place];
        if (other !== undefined && compareSignatures(signature, other.signature) >= this.#similarity) return other.id;
      }
    }
    return null;
  }
}

/** Letters and figures only: NFKC, lower case. */
function foldText(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

/** Odd factors and summands, the same in every process, so that the same data leaves the same out. */
const factors = Uint32Array.from({ length: hashes }, (_, place) => (Math.imul(place + 1, 0x9e3779b1) | 1) >>> 0);
const summands = Uint32Array.from({ length: hashes }, (_, place) => Math.imul(place + 7, 0x85ebca6b) >>> 0);

function signText(text: string): Uint32Array {
  const signature = new Uint32Array(hashes).fill(0xffffffff);
  for (let start = 0; start + shingleLength <= text.length; start++) {
    const piece = hashPiece(text, start);
    for (let place = 0; place < hashes; place++) {
      const value = mix((Math.imul(piece, factors[place] ?? 1) + (summands[place] ?? 0)) >>> 0);
      if (value < (signature[place] ?? 0)) signature[place] = value;
    }
  }
  return signature;
}

/** FNV-1a over code units. */
function hashPiece(text: string, start: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < start + shingleLength; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return mix(hash >>> 0);
}

/** The last step of MurmurHash3: products alone leave the low bits in order. */
function mix(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function keyOfBand(signature: Uint32Array, band: number): string {
  return `${band} ${signature.subarray(band * rowsPerBand, (band + 1) * rowsPerBand).join()}`;
}

function compareSignatures(one: Uint32Array, other: Uint32Array): number {
  let equal = 0;
  for (let place = 0; place < hashes; place++) if (one[place] === other[place]) equal++;
  return equal / hashes;
}
