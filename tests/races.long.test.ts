import { describe, expect, it } from 'vitest';
import { databaseKinds } from './databases.ts';
import { publishHelp } from './questions.ts';
import { raceCancels } from './races.ts';
import { chooseSeed, countRepetitions } from './random.ts';
import { openStage } from './stage.ts';

const repetitions = countRepetitions(500);

describe.each(databaseKinds)('cancels that race with the ends of runs, on the %s database', (kind) => {
  it(`leave each of ${repetitions} runs one end, which everybody is told`, async () => {
    const stage = await openStage(kind);
    try {
      const flow = await publishHelp(stage.session);
      const seed = chooseSeed(`cancels on the ${kind} database`);
      const ends = await raceCancels(stage.session, { flow, seed, repetitions });
      console.table([{ database: kind, ...ends }]);
      expect(ends.succeeded).toBeGreaterThan(0);
      expect(ends.cancelled).toBeGreaterThan(0);
    } finally {
      await stage.close();
    }
  });
});
