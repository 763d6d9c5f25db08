import { multilingualE5Small, qwen25Coder } from '@kumiki/models';
import { type KumikiProcess, makeTemporaryFolder, startKumiki } from '@kumiki/testkit/kumiki-process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { walkMainPath } from './main-path.ts';

describe('with the embedded models and nothing else', () => {
  let kumiki: KumikiProcess;
  const cleanUp: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    const { folder, remove } = await makeTemporaryFolder();
    cleanUp.unshift(remove);
    kumiki = await startKumiki({ dataFolder: folder });
    cleanUp.unshift(() => kumiki.stop());
  });
  afterAll(async () => {
    for (const step of cleanUp) await step();
  });

  it('uploads, builds, asks and publishes', async () => {
    const session = await kumiki.signIn();
    await walkMainPath(session, { host: 'embedded', embedding: multilingualE5Small.name, chat: qwen25Coder.name });
    expect(await kumiki.stop()).toBe(0);
  });
});
