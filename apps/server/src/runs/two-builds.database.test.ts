import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openTestWorkbench, type TestWorkbench } from '../testing/open-test-workbench.ts';
import { drawRag } from '../testing/sample-flows.ts';
import { stopping } from './runner.ts';

let test: TestWorkbench;
beforeEach(async () => {
  test = await openTestWorkbench();
});
afterEach(() => test.close());

it('a build that was interrupted does not lock out the next one of the same index, which took its place', async () => {
  const begun = Promise.withResolvers<void>();
  const embed = vi.spyOn(test.host, 'embed').mockImplementation((_, signal) => {
    begun.resolve();
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  });
  const { id } = (await test.call('POST', '/api/collections', { name: 'docs' })).body;
  await test.fetch(`/api/collections/${id}/files/a.txt`, { method: 'PUT', body: '猫は夜に鳴きます。' });
  const flow = (await test.call('POST', '/api/flows', { document: drawRag('docs') })).body.id;
  const start = async () => (await test.call('POST', `/api/flows/${flow}/builds`, {})).body.run;
  const first = await start();
  await begun.promise;
  const second = await start();
  embed.mockRestore();
  test.workbench.running.live.abort(first, stopping);
  for (const run of [second, first]) {
    const events = await test.followRun(run);
    expect(events.at(-1)?.event).toMatchObject({ type: 'run-end', state: 'succeeded' });
  }
});
