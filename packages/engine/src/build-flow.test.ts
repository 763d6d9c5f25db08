import { defineLoader } from '@kumiki/node-sdk';
import { didRun, findEndState } from '@kumiki/testkit';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { drawRag, TestBench } from './testing/bench.ts';
import { hastyClock } from './testing/hasty-clock.ts';

function fillBench(documents: number): TestBench {
  const bench = new TestBench();
  for (let place = 0; place < documents; place += 1) bench.files.set(`${place}.txt`, `これは${place}番目の文書です。`);
  return bench;
}

describe('buildFlow', () => {
  it('builds an index that questions are answered from, streamed and with passages', async () => {
    const bench = fillBench(3);
    bench.host.script('二番目です [1]。');
    const { build, result, events } = await bench.build(drawRag().build());
    expect(result.state).toBe('succeeded');
    expect(events.at(0)).toMatchObject({ type: 'run-start', kind: 'build' });
    expect(events.at(-1)).toMatchObject({ type: 'run-end', state: 'succeeded', outputs: {} });
    expect(findEndState(events, 'index')).toBe('succeeded');
    expect(events.find((event) => event.type === 'node-end' && event.node === 'chunk')).toMatchObject({
      counts: { chunks: 3 },
      documentCounts: { chunks: 3 },
    });

    const asked = await bench.ask(drawRag().build(), build, { question: '2番目の文書は？' });
    expect(asked.result).toMatchObject({
      state: 'succeeded',
      outputs: { answer: { state: 'answered', value: '二番目です [1]。' } },
    });
    const streamed = asked.events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : [])).join('');
    expect(streamed).toMatch(/^二番目です load\/\d\.txt。$/);
    expect(asked.result.usage.completionTokens).toBeGreaterThan(0);
  });

  it('runs nothing when nothing has changed', async () => {
    const bench = fillBench(3);
    const first = await bench.build(drawRag().build());
    const before = { ...bench.host.calls };
    const second = await bench.build(drawRag().build());
    expect(second.build).toEqual(first.build);
    expect(second.events.some((event) => event.type === 'node-start')).toBe(false);
    expect(findEndState(second.events, 'index')).toBe('reused');
    expect(second.build.nodes.model?.outputs.model).toMatchObject({ digest: 'sha256:fake-embedding' });
    expect(bench.host.calls.embed).toBe(before.embed);
    expect(bench.services.readFiles).toHaveLength(3);
  });

  it('knows a document that changed between list and read by the identity of what was read', async () => {
    let body = 'old';
    const changing = defineLoader({
      type: 'load/changing',
      version: 1,
      behaviour: 1,
      title: { en: 'Changing', ja: '変わる文書' },
      description: { en: 'For tests.', ja: '試験用です。' },
      settings: z.object({}),
      settingTexts: {},
      list: async () => [{ id: 'a', name: 'a', identity: `of ${body}`, contentHash: null }],
      async *read() {
        body = 'new';
        const document = { id: 'a', name: 'a', mediaType: 'text/plain', metadata: {} };
        const item = { text: body, headings: [], pages: [] };
        yield { document: { ...document, contentHash: `hash of ${body}`, identity: `of ${body}` }, items: [item] };
      },
    });
    const bench = new TestBench(changing);
    const flow = drawRag().node('load', 'load/changing').build();
    await bench.build(flow);
    const second = await bench.build(flow);
    expect(didRun(second.events, 'load')).toBe(false);
    body = 'old';
    const third = await bench.build(flow);
    expect(didRun(third.events, 'load')).toBe(true);
  });

  it('reads and embeds one document when one of 200 has changed, and the pinned build answers from the old text', async () => {
    const bench = fillBench(200);
    const document = drawRag().build();
    const old = await bench.build(document);
    expect(bench.services.readFiles).toHaveLength(200);

    bench.files.set('7.txt', '窓口は平日の九時から開いています。');
    bench.host.embeddedTexts.length = 0;
    const renewed = await bench.build(document);
    expect(bench.services.readFiles.slice(200)).toEqual(['7.txt']);
    expect(bench.host.embeddedTexts).toEqual(['窓口は平日の九時から開いています。']);
    expect(bench.services.index.written.slice(200)).toEqual(['load/7.txt']);
    expect(renewed.build.nodes.index?.lineage).toBe(old.build.nodes.index?.lineage);
    expect(renewed.build.nodes.index?.fingerprint).not.toBe(old.build.nodes.index?.fingerprint);

    const ask = async (build: typeof old.build) => {
      const { events } = await bench.ask(
        document,
        build,
        { question: '窓口は平日の九時から開いています。' },
        { only: ['search'] },
      );
      const end = events.find((event) => event.type === 'node-end' && event.node === 'search');
      return JSON.stringify(end);
    };
    expect(await ask(renewed.build)).toContain('窓口は平日');
    expect(await ask(old.build)).not.toContain('窓口は平日');
  });

  it('waits for an index that is being written, and goes on after a crash with the documents that are not yet there', async () => {
    const bench = fillBench(20);
    const document = drawRag().build();
    const controller = new AbortController();
    const replace = bench.services.index.replaceDocuments.bind(bench.services.index);
    bench.services.index.replaceDocuments = async (...call) => {
      await replace(...call);
      if (bench.services.index.written.length === 8) controller.abort();
    };
    const crashed = await bench.build(document, { signal: controller.signal });
    expect(crashed.result.state).toBe('cancelled');
    expect(crashed.events.at(-1)).toMatchObject({ type: 'run-end', state: 'cancelled' });
    bench.services.index.replaceDocuments = replace;
    const { index } = bench.services;
    const open = index.openGeneration.bind(index);
    let refused = 0;
    index.openGeneration = (...call) =>
      open(...call).catch((error: unknown) => {
        refused += 1;
        if (refused === 2) index.releaseAll();
        throw error;
      });
    const resumed = await bench.build(document, { attempts: 1, clock: hastyClock });
    expect(resumed.result.state).toBe('succeeded');
    expect(refused).toBe(2);
    expect(index.written).toHaveLength(20);
  });

  it('finds a build by fingerprint alone, and tells what is not built', async () => {
    const bench = fillBench(2);
    const document = drawRag().build();
    const nothing = await bench.find(document);
    const refused = await bench.ask(document, nothing, { question: 'あ' });
    expect(refused.result).toMatchObject({ state: 'failed', error: { code: 'not-built', node: 'index' } });
    const { build } = await bench.build(document);
    expect((await bench.find(document)).nodes).toEqual(build.nodes);
  });

  it('learns the contents of a source that only knows identities, and then knows them without reading', async () => {
    const bench = fillBench(3);
    const document = drawRag().node('load', 'load/files', { collection: 'help', hashed: false }).build();
    await bench.build(document);
    const again = await bench.build(document);
    expect(findEndState(again.events, 'index')).toBe('reused');
    bench.files.set('1.txt', '新しい文書です。');
    await bench.build(document);
    expect(bench.services.readFiles.slice(3)).toEqual(['1.txt']);
  });

  it('keeps building when a document cannot be read, and tells of it where it happened', async () => {
    const bench = fillBench(3);
    bench.files.set('1.txt', 'broken');
    const { result, events } = await bench.build(drawRag().build());
    expect(result.state).toBe('succeeded');
    const load = events.find((event) => event.type === 'node-end' && event.node === 'load');
    expect(load).toMatchObject({ documentErrors: [{ id: 'load/1.txt', error: { code: 'document-damaged' } }] });
    const chunk = events.find((event) => event.type === 'node-end' && event.node === 'chunk');
    expect(chunk).not.toHaveProperty('documentErrors');
  });

  it.each([true, false])('answers although a document cannot be read (hashes known: %s)', async (hashed) => {
    const bench = fillBench(3);
    bench.files.set('1.txt', 'broken');
    const document = drawRag().node('load', 'load/files', { collection: 'help', hashed }).build();
    const { build } = await bench.build(document);
    expect((await bench.find(document)).nodes).toEqual(build.nodes);
    // A build tries the document again, since it may be readable by now.
    const again = await bench.build(document);
    expect(findEndState(again.events, 'index')).toBe('succeeded');
    expect(bench.services.index.written).toHaveLength(2);
    bench.files.set('2.txt', '新しい文書です。');
    expect((await bench.find(document)).nodes).not.toHaveProperty('index');
  });

  it('tries again after a retryable error of a node upstream, without doing finished documents twice', async () => {
    const bench = fillBench(6);
    bench.host.failNext('embed');
    const { result, events } = await bench.build(drawRag().build(), { clock: hastyClock });
    expect(result.state).toBe('succeeded');
    expect(bench.services.index.written).toHaveLength(6);
    expect(didRun(events, 'embed')).toBe(true);
  });

  it('names the node where an error began, and only that one', async () => {
    const bench = fillBench(2);
    bench.host.failNext('embed', new Error('secret detail'));
    const { result, events } = await bench.build(drawRag().build());
    expect(result).toMatchObject({ state: 'failed', error: { code: 'internal', node: 'embed' } });
    const failed = events.filter((event) => event.type === 'node-end' && event.state === 'failed');
    expect(failed).toHaveLength(1);
    expect(JSON.stringify(events)).not.toContain('secret detail');
  });

  it('reads a corpus of any size in bounded memory, and lets all nodes work at the same time', async () => {
    const bench = fillBench(300);
    const { index } = bench.services;
    const replace = index.replaceDocuments.bind(index);
    let mostAhead = 0;
    let leastAhead = Infinity;
    index.replaceDocuments = async (...call) => {
      const ahead = bench.services.readFiles.length - index.written.length;
      mostAhead = Math.max(mostAhead, ahead);
      if (index.written.length < 200) leastAhead = Math.min(leastAhead, ahead);
      await new Promise((resolve) => setImmediate(resolve));
      await replace(...call);
    };
    await bench.build(drawRag().build());
    expect(index.written).toHaveLength(300);
    expect(mostAhead).toBeLessThanOrEqual(25);
    expect(leastAhead).toBeGreaterThan(1);
  });

  it('takes documents from several loaders into one index', async () => {
    const bench = fillBench(1);
    bench.services.collections.set('more', new Map([['0.txt', '別の文書です。']]));
    const document = drawRag()
      .node('other', 'load/files', { collection: 'more' })
      .wire('other.documents', 'chunk.documents');
    await bench.build(document.build());
    expect([...bench.services.index.written].sort()).toEqual(['load/0.txt', 'other/0.txt']);
  });

  it('runs only what is named and what is missing upstream of it', async () => {
    const bench = fillBench(2);
    const { events, result } = await bench.build(drawRag().build(), { only: ['chunk'] });
    expect(result.state).toBe('succeeded');
    expect([didRun(events, 'load'), didRun(events, 'chunk'), didRun(events, 'embed')]).toEqual([true, true, false]);
    expect(findEndState(events, 'chunk')).toBe('succeeded');
  });

  it('throws a result away when the model changed while it was made', async () => {
    const bench = fillBench(1);
    const replace = bench.services.index.replaceDocuments.bind(bench.services.index);
    bench.services.index.replaceDocuments = async (...call) => {
      bench.host.changeDigest('fake-embedding', 'sha256:other');
      await replace(...call);
    };
    const { result, build } = await bench.build(drawRag().build());
    expect(result).toMatchObject({ state: 'failed', error: { code: 'source-changed', node: 'model' } });
    expect(bench.artifacts.size).toBe(1);
    expect(Object.keys(build.nodes)).toEqual(['model']);
  });
});
