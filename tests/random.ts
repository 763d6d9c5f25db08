import { randomInt } from 'node:crypto';

/** `KUMIKI_SEED`, to do again what a test did, or any number. Printed, with what it is for. */
export function chooseSeed(purpose: string): number {
  const named = process.env.KUMIKI_SEED;
  const seed = named === undefined ? randomInt(2 ** 31) : Number(named);
  console.log(`${purpose}: KUMIKI_SEED=${seed}`);
  return seed;
}

/** How often a test does something: `KUMIKI_REPETITIONS`, or as often as it says itself. */
export function countRepetitions(usual: number): number {
  return Number(process.env.KUMIKI_REPETITIONS ?? usual);
}

/** Numbers of 0…1, the same on every run (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Some of a list, each at most once. */
export function takeSample<Item>(items: readonly Item[], wanted: number, random: () => number): Item[] {
  const pool = [...items];
  return Array.from({ length: Math.min(wanted, pool.length) }, () =>
    pool.splice(Math.floor(random() * pool.length), 1),
  ).flat();
}

/** A direction that favours none. */
export function makeUnitVector(dimensions: number, random: () => number): Float32Array {
  const vector = Float32Array.from({ length: dimensions }, () => random() - 0.5);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
