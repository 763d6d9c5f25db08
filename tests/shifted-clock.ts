/**
 * Loaded before a program by `node --import`: its `Date`, and so the clock of its embedded database, goes wrong by as many
 * milliseconds as stand in the file that KUMIKI_TEST_CLOCK names, also while it runs. Timers go on as they would.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const file = process.env.KUMIKI_TEST_CLOCK ?? '';
const RealDate = Date;
let shift = 0;

class ShiftedDate extends RealDate {
  constructor(...given: readonly unknown[]) {
    // One place for all the ways to make a date, which the types list one by one.
    super(...((given.length === 0 ? [RealDate.now() + shift] : given) as [number]));
  }

  static override now(): number {
    return RealDate.now() + shift;
  }
}

function readShift(): void {
  const read = Number(readFileSync(file, 'utf8'));
  if (read === shift) return;
  shift = read;
  writeFileSync(`${file}.${process.pid}`, String(read));
}

if (file !== '') {
  readShift();
  globalThis.Date = ShiftedDate as DateConstructor;
  setInterval(readShift, 10).unref();
}
