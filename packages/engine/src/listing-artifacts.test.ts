import { defineArtifact, port } from '@kumiki/node-sdk';
import { buildFlowDocument, didRun, findEndState } from '@kumiki/testkit';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { TestBench } from './testing/bench.ts';

const text = (words: string) => ({ en: words, ja: words });

/** Counts the letters of files that it reads by itself. */
const countLetters = defineArtifact({
  type: 'dataset/letters',
  version: 1,
  behaviour: 1,
  effect: 'reads',
  title: text('Letters'),
  description: text('For tests.'),
  settings: z.object({ hashed: z.boolean().default(true) }),
  settingTexts: { hashed: { title: text('Hashed') } },
  inputs: {},
  outputs: { count: port.number() },
  async list({ settings, context }) {
    const members = await context.files.listCollection('help');
    return members.map((member) => ({ ...member, contentHash: settings.hashed ? member.contentHash : null }));
  },
  async make({ context }) {
    let count = 0;
    const contents = [];
    for (const { id } of await context.files.listCollection('help')) {
      const { content, contentHash } = await context.files.readCollectionFile('help', id);
      count += content.byteLength;
      contents.push({ id: `${context.node}/${id}`, contentHash });
    }
    return { outputs: { count }, contents };
  },
});

describe('an artifact that reads files by itself', () => {
  it.each([true, false])(
    'is made again only where a file has changed, of one lineage (hashes listed: %s)',
    async (hashed) => {
      const bench = new TestBench(countLetters);
      bench.files.set('a.txt', 'abc');
      const document = buildFlowDocument('Letters').node('count', 'dataset/letters', { hashed }).build();
      const first = await bench.build(document);
      expect(first.build.nodes.count?.outputs).toEqual({ count: 3 });

      const second = await bench.build(document);
      expect(findEndState(second.events, 'count')).toBe('reused');
      expect(second.build.nodes.count).toEqual(first.build.nodes.count);

      bench.files.set('b.txt', 'de');
      const third = await bench.build(document);
      expect(didRun(third.events, 'count')).toBe(true);
      expect(third.build.nodes.count?.outputs).toEqual({ count: 5 });
      expect(third.build.nodes.count?.lineage).toBe(first.build.nodes.count?.lineage);
      expect(third.build.nodes.count?.fingerprint).not.toBe(first.build.nodes.count?.fingerprint);

      bench.files.delete('b.txt');
      const fourth = await bench.build(document);
      expect(findEndState(fourth.events, 'count')).toBe('reused');
      expect(fourth.build.nodes.count).toEqual(first.build.nodes.count);
    },
  );

  it('keeps what it was made from, so that it is known where a file is forgotten', async () => {
    const bench = new TestBench(countLetters);
    bench.files.set('a.txt', 'abc');
    const { build } = await bench.build(buildFlowDocument('Letters').node('count', 'dataset/letters').build());
    const artifact = await bench.artifacts.find('team', build.nodes.count?.fingerprint ?? '');
    expect(artifact?.contents.map(({ id }) => id)).toEqual(['count/a.txt']);
  });
});
