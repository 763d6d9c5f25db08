import { readdirSync, readFileSync } from 'node:fs';
import type { Chunk, Conversation, FileData, StreamElement } from '@kumiki/node-sdk';
import { MemoryDataSets } from '@kumiki/testkit';
import { describe, expect, it } from 'vitest';
import { chunkTranscript } from '../chunk/chunk-transcript.ts';
import { estimateTokens } from '../chunk/estimate-tokens.ts';
import { renderTranscript } from '../chunk/render-transcript.ts';
import { loadConversations } from '../load/conversations.ts';
import { createFakeContext } from '../testing/fake-context.ts';
import { asDataSet, makeArtifact, makeSource } from '../testing/make-artifact.ts';
import { readLoader } from '../testing/read-loader.ts';
import { dataSetFromConversations } from './from-conversations.ts';
import { Masker, type MaskRules } from './masking/mask-texts.ts';

/** Conversations that people really held; see the README beside them. */
const folder = new URL('../../../shared/data/asdc/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.json'));

const context = createFakeContext({
  files: {
    listFolder: async () =>
      names.map((name) => ({ id: name, name, identity: name, contentHash: null, mediaType: null })),
    readFolderFile: async (_, id) => ({ content: readFileSync(new URL(id, folder)), contentHash: id }),
  },
  documents: {
    readData: async ({ content }): Promise<FileData> => ({ kind: 'text', text: new TextDecoder().decode(content) }),
  },
});

const load = () => readLoader<Conversation>(loadConversations, { folder: '/asdc' }, context);
const itemsOf = <Item>(elements: readonly StreamElement<Item>[]) =>
  elements.flatMap((element) => ('items' in element ? element.items : []));

describe('the Accommodation Search Dialog Corpus', () => {
  it('is read without being told how', async () => {
    const elements = await load();
    expect(elements.filter((element) => 'error' in element || element.unreadable !== undefined)).toEqual([]);
    const conversations = itemsOf(elements);
    expect(conversations).toHaveLength(210);
    expect(conversations.every(({ utterances }) => utterances.length > 5)).toBe(true);
    expect(elements[0]?.document).toMatchObject({ metadata: { format: 'utterances' } });
  });

  it('becomes a data set in which the operator answers, by the lengths that are asked for', async () => {
    const datasets = new MemoryDataSets();
    const { outputs } = await makeArtifact(dataSetFromConversations, {
      inputs: { conversations: makeSource(await load()) },
      settings: { maximumTokens: 512 },
      context: createFakeContext({ datasets }),
    });
    const dataset = asDataSet(outputs.dataset);
    const notes = new Map(dataset.report.map((note) => [note.code, note]));
    expect(notes.get('assistant')?.message.en).toMatch(
      /^The assistant, found by name: operator_1(?:, operator_\d+)*(?:, …)?\.$/,
    );
    expect(notes.get('too-long')).toBeUndefined();
    const examples = await Array.fromAsync(datasets.read(dataset));
    expect(new Set(examples.map(({ group }) => group)).size).toBeGreaterThan(200);
    const evaluated = new Set(examples.filter(({ split }) => split === 'evaluation').map(({ group }) => group));
    expect(evaluated.size).toBeGreaterThan(10);
    expect(evaluated.size).toBeLessThan(35);
    for (const { messages, trained } of examples) {
      expect(messages.map(({ role }) => role)).toEqual(
        messages.map((_, place) => (place % 2 === 0 ? 'user' : 'assistant')),
      );
      expect(trained.length).toBeGreaterThan(0);
    }
  });

  it('is cut into chunks that are what stands between their offsets', async () => {
    for (const element of await load()) {
      if ('error' in element) continue;
      const transcript = renderTranscript(element.items, 240);
      const chunks: readonly Chunk[] = await chunkTranscript(
        transcript,
        { size: 400, turns: 12, overlap: 2 },
        async (texts) => texts.map(estimateTokens),
      );
      expect(chunks.length).toBeGreaterThan(0);
      for (const { text, start, end } of chunks) expect(transcript.text.slice(start, end)).toBe(text);
    }
  });
});

describe('masking personal data', () => {
  it('takes next to nothing for it in conversations of which the public corpus has none', () => {
    const kinds = new Set(['name', 'email', 'phone', 'address', 'card', 'myNumber', 'url'] as const);
    const rules: MaskRules = { kinds, names: [], kept: new Set(), findOwn: () => [], language: 'ja' };
    const taken = names.flatMap((name) => {
      const { utterances } = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as {
        utterances: { text: string }[];
      };
      const masker = new Masker(rules);
      return utterances.flatMap(({ text }) =>
        masker.mask(text).replacements.map(({ start, end }) => text.slice(start, end)),
      );
    });
    expect(taken.length, taken.join(', ')).toBeLessThanOrEqual(2);
  });
});
