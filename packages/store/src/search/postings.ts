/**
 * Postings of one term, packed: chunk ids in rising order and how often the term occurs in each.
 *
 * A row is one or more runs, each of which stands for itself, so that runs of consecutive segments are merged by putting
 * their bytes one after the other. A run is: the number of its postings; then for each the distance of its id from the
 * one before (the first: from 0) times two, plus one where the term occurs more than once, and in that case the number
 * of times. All numbers are LEB128. Ids stay below 2^30.
 */
export class PostingsWriter {
  private bytes = new Uint8Array(8);
  private used = 0;
  private last = 0;
  count = 0;

  /** Ids come in rising order. */
  add(id: number, frequency: number): void {
    const repeated = frequency > 1;
    this.write((id - this.last) * 2 + (repeated ? 1 : 0));
    if (repeated) this.write(frequency);
    this.last = id;
    this.count++;
  }

  /** One run of all that was added. */
  pack(): Uint8Array {
    const head = new PostingsWriter();
    head.write(this.count);
    const packed = new Uint8Array(head.used + this.used);
    packed.set(head.bytes.subarray(0, head.used));
    packed.set(this.bytes.subarray(0, this.used), head.used);
    return packed;
  }

  private write(value: number): void {
    if (this.used + 5 > this.bytes.length) {
      const grown = new Uint8Array(this.bytes.length * 2);
      grown.set(this.bytes);
      this.bytes = grown;
    }
    let rest = value;
    while (rest > 0x7f) {
      this.bytes[this.used++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.bytes[this.used++] = rest;
  }
}

export type UnpackedPostings = { ids: Int32Array; frequencies: Int32Array; count: number };

/** Room for postings that is used again and again: unpacking is the innermost loop of a search. */
export function createPostings(): UnpackedPostings {
  return { ids: new Int32Array(1024), frequencies: new Int32Array(1024), count: 0 };
}

/** Adds the postings of a row to `target`, up to the first id that is not below `bound`. */
export function unpackPostings(packed: Uint8Array, bound: number, target: UnpackedPostings): void {
  let place = 0;
  const read = (): number => {
    let value = 0;
    let shift = 0;
    for (;;) {
      const byte = packed[place++] ?? 0;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
      shift += 7;
    }
  };
  while (place < packed.length) {
    const count = read();
    ensureRoom(target, target.count + count);
    const { ids, frequencies } = target;
    let id = 0;
    for (let index = 0; index < count; index++) {
      const head = read();
      id += head >>> 1;
      const frequency = head & 1 ? read() : 1;
      if (id >= bound) return;
      ids[target.count] = id;
      frequencies[target.count++] = frequency;
    }
  }
}

function ensureRoom(postings: UnpackedPostings, count: number): void {
  if (count <= postings.ids.length) return;
  const size = Math.max(count, postings.ids.length * 2);
  const grow = (old: Int32Array): Int32Array => {
    const grown = new Int32Array(size);
    grown.set(old);
    return grown;
  };
  postings.ids = grow(postings.ids);
  postings.frequencies = grow(postings.frequencies);
}
