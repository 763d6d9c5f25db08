import { KumikiError } from '@kumiki/node-sdk';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openTestWorkbench, type TestWorkbench } from '../testing/open-test-workbench.ts';
import { drawRag } from '../testing/sample-flows.ts';
import { stopping } from './runner.ts';

let test: TestWorkbench;
beforeEach(async () => {
  test = await openTestWorkbench();
});
afterEach(() => test.close());

async function startRagBuild(): Promise<string> {
  const { id } = (await test.call('POST', '/api/collections', { name: 'docs' })).body;
  await test.fetch(`/api/collections/${id}/files/a.txt`, { method: 'PUT', body: '猫は夜に鳴きます。' });
  const flow = (await test.call('POST', '/api/flows', { document: drawRag('docs') })).body.id;
  return (await test.call('POST', `/api/flows/${flow}/builds`, {})).body.run;
}

async function findEnd(run: string) {
  return (await test.followRun(run)).at(-1)?.event;
}

describe('a run', () => {
  it.each(['database-down', 'generation-taken-over'])('that stumbles over %s is tried again', async (code) => {
    const stumbled = Promise.withResolvers<void>();
    const embed = vi.spyOn(test.host, 'embed').mockImplementation(async () => {
      stumbled.resolve();
      throw new KumikiError({ code, message: { en: 'Gone.', ja: '応答なし。' } });
    });
    const run = await startRagBuild();
    await stumbled.promise;
    embed.mockRestore();
    expect(await findEnd(run)).toMatchObject({ type: 'run-end', state: 'succeeded' });
  });

  it('that was cancelled while nobody had it in hand is not begun again', async () => {
    const begun = Promise.withResolvers<void>();
    const embed = vi.spyOn(test.host, 'embed').mockImplementation((_, signal) => {
      begun.resolve();
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    });
    const run = await startRagBuild();
    await begun.promise;
    test.workbench.running.live.abort(run, stopping);
    await vi.waitFor(() => expect(test.workbench.running.live.findLog(run)).toBeNull(), 30_000);
    await test.call('POST', `/api/runs/${run}/cancel`);
    embed.mockClear();
    expect(await findEnd(run)).toMatchObject({ type: 'run-end', state: 'cancelled' });
    expect(embed).not.toHaveBeenCalled();
  });

  it('that fails for a reason of our own leaves it in the log, and nowhere else', async () => {
    const logged = vi.spyOn(test.workbench.log, 'error').mockImplementation(() => {});
    const inside = new Error('the secret inside');
    vi.spyOn(test.host, 'embed').mockRejectedValue(inside);
    const run = await startRagBuild();
    const events = await test.followRun(run);
    expect(events.at(-1)?.event).toMatchObject({ state: 'failed', error: { code: 'internal', node: 'embed' } });
    expect(JSON.stringify(events)).not.toContain('secret');
    expect(logged).toHaveBeenCalledWith(
      expect.objectContaining({ run, node: 'embed', error: inside }),
      expect.any(String),
    );
  });
});
