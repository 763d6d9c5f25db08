import { expect, it, vi } from 'vitest';
import { buildTwoArms, freeze, runToEnd, watchChats, writeFacts } from '../testing/measure-arms.ts';
import { openTestWorkbench } from '../testing/open-test-workbench.ts';

const facts = writeFacts(16);
const rows = facts.map(({ row }) => row);
const primary = 'containment';

it('counts no answer of a model that is swapped in the middle, and goes on with what was answered before', async () => {
  let offset = 0;
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + offset);
  const timed = await openTestWorkbench();
  try {
    const { arms } = await buildTwoArms(timed, facts);
    const questionSet = await freeze(timed, rows);
    watchChats(timed, (_, place) => {
      if (place === 17) {
        timed.host.changeDigest('fake-chat', 'sha256:other');
        // What a host says of a digest counts for some seconds.
        offset = 10_000;
      }
      return null;
    });
    const { id, events } = await runToEnd(timed, { arms, questionSet, primary });
    expect(events.at(-1)).toMatchObject({ state: 'succeeded' });
    const { body: report } = await timed.call('GET', `/api/experiments/${id}/report`);
    expect(report.counts).toMatchObject({ answered: 16, failed: 16 });
    const changed = report.counts.leftOut.map(({ reason }: { reason: string }) => reason);
    expect(new Set(changed)).toEqual(new Set(['model-changed']));
  } finally {
    vi.restoreAllMocks();
    await timed.close();
  }
});
