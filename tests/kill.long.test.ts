import { describe, expect, it } from 'vitest';
import { databaseKinds } from './databases.ts';
import { firstFiles, killFirstStart } from './kill-first-start.ts';
import { aims } from './kill-moments.ts';
import { buildStages, KillRange } from './kill-range.ts';
import { chooseSeed, countRepetitions } from './random.ts';
import { openStage } from './stage.ts';

const kills = countRepetitions(100);
/** A stage of a few milliseconds may be missed: the kills after the last are aimed at what is still missing. */
const mostKills = kills * 2;

const aimOf = {
  'listing the documents': 'the beginning',
  reading: 'the beginning',
  embedding: 'a call',
  'writing documents': 'a document',
  'closing the generation': 'the closing',
  'saving the artifacts': 'the artifact',
  'ending the run': 'the end',
} as const;

describe.each(databaseKinds)('killed again and again in a build, on the %s database', (kind) => {
  it(`ends each of ${kills} builds once, with the index of one that nobody killed`, async () => {
    const stage = await openStage(kind);
    try {
      const seed = chooseSeed(`kills on the ${kind} database`);
      const range = await KillRange.open(stage);
      const listMissing = () => buildStages.filter((name) => range.kills.every(({ hit }) => hit !== name));
      for (let place = 0; place < mostKills; place += 1) {
        const [missing] = listMissing();
        if (place >= kills && missing === undefined) break;
        const aim = place < kills ? aims[place % aims.length] : aimOf[missing ?? 'reading'];
        if (aim === undefined) break;
        const { hit } = await range.kill(aim, seed + place);
        console.log(`${place + 1}: seed ${seed + place}, aimed at ${aim}, hit ${hit}`);
      }
      await range.checkIndexes();
      console.table(
        [...buildStages, 'after the end' as const].map((name) => ({
          stage: name,
          kills: range.kills.filter(({ hit }) => hit === name).length,
        })),
      );
      console.log(
        'After each: one terminal state, one numbered build, no artifact made twice, nothing embedded again that was kept, and every row of the index as of a build that nobody killed.',
      );
      expect(listMissing()).toEqual([]);
    } finally {
      await stage.close();
    }
  });
});

it.each(firstFiles)('starts well where its first start was killed as far as %s', killFirstStart);
