import { expect, it } from 'vitest';
import { outlastOutage } from './outage.ts';
import { openStage } from './stage.ts';

it('a database that is away for some seconds is told to callers, ends no process, and its builds go on', async ({
  skip,
}) => {
  const stage = await openStage('postgres');
  try {
    const { power } = stage.database;
    if (power === null) return skip('the server that KUMIKI_TEST_DATABASE_URL names is not ours to stop');
    const { refused, slowest, resumedAfter } = await outlastOutage(stage, power, 4_000);
    console.log(`${refused} requests refused, the slowest after ${slowest} ms; resumed after ${resumedAfter} ms`);
    expect(refused).toBeGreaterThan(0);
    expect(resumedAfter).toBeLessThan(30_000);
  } finally {
    await stage.close();
  }
});
