import { describe, expect, it } from 'vitest';
import { embedText } from './fake-model-host.ts';
import { MemoryDocumentIndex } from './memory-document-index.ts';

const at = { workspace: 'team', lineage: 'help' };
const { signal } = new AbortController();
const embeddingModel = {
  host: 'here',
  name: 'fake',
  digest: null,
  dimensions: 64,
  maximumTokens: 512,
  prefixes: { query: '', document: '' },
};

/** Writes one generation that holds these texts by document id. */
async function write(index: MemoryDocumentIndex, texts: Readonly<Record<string, string>>): Promise<number> {
  const manifest = Object.entries(texts).map(([id, text]) => ({ id, name: id, identity: text, contentHash: text }));
  const { generation, wanted } = await index.openGeneration(at, { owner: 'one', embeddingModel, manifest }, signal);
  for (const id of wanted) {
    const text = texts[id] ?? '';
    const head = { id, name: id, mediaType: 'text/plain', contentHash: text, metadata: {} };
    const place = { ordinal: 0, start: 0, end: text.length, tokens: text.length, headings: [], page: null };
    const items = [{ ...place, text, vector: embedText(text) }];
    await index.replaceDocuments({ ...at, generation }, 'one', [{ document: head, items }], signal);
  }
  return (await index.closeGeneration({ ...at, generation }, 'one', signal)).generation;
}

async function find(index: MemoryDocumentIndex, generation: number, text: string): Promise<readonly string[]> {
  const found = await index.searchBoth({ ...at, generation }, { text, vector: embedText(text), candidates: 5 }, signal);
  return found.map((passage) => passage.text);
}

describe('MemoryDocumentIndex', () => {
  it('shows each reader its own generation', async () => {
    const index = new MemoryDocumentIndex();
    const first = await write(index, { a: '犬の散歩', b: '猫の昼寝' });
    const second = await write(index, { a: '犬の食事' });
    expect(await find(index, first, '犬')).toEqual(expect.arrayContaining(['犬の散歩', '猫の昼寝']));
    expect(await find(index, second, '犬')).toEqual(['犬の食事']);
    expect(index.written).toEqual(['a', 'b', 'a']);
  });

  it('ranks by words and by likeness', async () => {
    const index = new MemoryDocumentIndex();
    const generation = await write(index, { a: '契約の更新は毎年です', b: '料金は月末に請求します' });
    const snapshot = { ...at, generation };
    const [lexical] = await index.searchLexical(snapshot, { text: '料金の請求', limit: 1 }, signal);
    expect(lexical?.documentId).toBe('b');
    const [dense] = await index.searchDense(snapshot, { vector: embedText('契約の更新'), limit: 1 }, signal);
    expect(dense?.documentId).toBe('a');
  });

  it('lets one owner write at a time', async () => {
    const index = new MemoryDocumentIndex();
    const open = (owner: string) => index.openGeneration(at, { owner, embeddingModel, manifest: [] }, signal);
    await open('one');
    await expect(open('two')).rejects.toMatchObject({ code: 'generation-open', retryable: true });
    index.releaseAll();
    expect((await open('two')).generation).toBe(1);
  });
});
