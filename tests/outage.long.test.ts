import { expect, it } from 'vitest';
import { outlastOutage } from './outage.ts';
import { openStage } from './stage.ts';

const milliseconds = Number(process.env.KUMIKI_OUTAGE_SECONDS ?? 600) * 1_000;

it('a database that is away for ten minutes is told to callers, ends no process, and its builds go on', async ({
  skip,
}) => {
  const stage = await openStage('postgres');
  try {
    const { power } = stage.database;
    if (power === null) return skip('the server that KUMIKI_TEST_DATABASE_URL names is not ours to stop');
    const { refused, slowest, resumedAfter } = await outlastOutage(stage, power, milliseconds);
    console.table([
      {
        away: `${milliseconds / 1_000} s`,
        'requests told to come back': refused,
        'the slowest after': `${Math.round(slowest)} ms`,
        'build ended after': `${Math.round(resumedAfter)} ms`,
      },
    ]);
    expect(resumedAfter).toBeLessThan(30_000);
  } finally {
    await stage.close();
  }
});
