import type { Resource } from '@kumiki/node-sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Permit } from './permit.ts';
import { createResources } from './resources.ts';

const limits = { cpu: 2, gpu: 1, network: 1, database: 1 } as const;
const never = new AbortController().signal;

describe('createResources', () => {
  it('never grants more than there is, and in the end grants everything', async () => {
    const names = fc.uniqueArray(fc.constantFrom<Resource>('cpu', 'network', 'database'), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(names, { maxLength: 12 }), async (scheduler, wishes) => {
        const resources = createResources(limits);
        const held = { cpu: 0, gpu: 0, network: 0, database: 0 };
        const work = async (wish: readonly Resource[]) => {
          await resources.acquire(wish, 'question', never);
          for (const name of wish) held[name] += 1;
          for (const name of wish) expect(held[name]).toBeLessThanOrEqual(limits[name]);
          await scheduler.schedule(Promise.resolve());
          for (const name of wish) held[name] -= 1;
          resources.release(wish);
        };
        await scheduler.waitFor(Promise.all(wishes.map(work)));
        expect(held).toEqual({ cpu: 0, gpu: 0, network: 0, database: 0 });
      }),
    );
  });

  it('lets questions go before builds', async () => {
    const resources = createResources(limits);
    await resources.acquire(['database'], 'build', never);
    const order: string[] = [];
    const build = resources.acquire(['database'], 'build', never).then(() => order.push('build'));
    const question = resources.acquire(['database'], 'question', never).then(() => {
      order.push('question');
      resources.release(['database']);
    });
    resources.release(['database']);
    await Promise.all([build, question]);
    expect(order).toEqual(['question', 'build']);
  });

  it('forgets who stopped waiting', async () => {
    const resources = createResources(limits);
    await resources.acquire(['gpu'], 'build', never);
    const controller = new AbortController();
    const waiting = resources.acquire(['gpu'], 'build', controller.signal);
    controller.abort(new Error('stopped'));
    await expect(waiting).rejects.toThrow('stopped');
    resources.release(['gpu']);
    expect(resources.tryAcquire(['gpu'])).toBe(true);
  });
});

describe('Permit', () => {
  it('is put down while its node waits for input, so that the node upstream can work', async () => {
    const resources = createResources({ ...limits, cpu: 1 });
    const make = () => new Permit({ resources, names: ['cpu'], priority: 'build', signal: never });
    const [chunker, loader] = [make(), make()];
    await chunker.resume();
    chunker.pause();
    await loader.resume();
    const again = chunker.resume();
    loader.pause();
    await again;
    expect(resources.tryAcquire(['cpu'])).toBe(false);
    chunker.close();
    expect(resources.tryAcquire(['cpu'])).toBe(true);
  });

  it('stays down where the node began to wait while it was queueing', async () => {
    const resources = createResources({ ...limits, cpu: 1 });
    await resources.acquire(['cpu'], 'build', never);
    const permit = new Permit({ resources, names: ['cpu'], priority: 'build', signal: never });
    const resumed = permit.resume();
    permit.pause();
    resources.release(['cpu']);
    await resumed;
    expect(resources.tryAcquire(['cpu'])).toBe(true);
  });
});
