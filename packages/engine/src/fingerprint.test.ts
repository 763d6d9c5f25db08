import type { FlowDocument, JsonValue } from '@kumiki/flow';
import { defineNode } from '@kumiki/node-sdk';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { findDistinctSettings } from './distinct-settings.ts';
import { drawRag, TestBench } from './testing/bench.ts';
import { memoryIndex } from './testing/nodes.ts';

async function fingerprintIndex(document: FlowDocument, bench = new TestBench()) {
  bench.files.set('a.txt', '一つ目');
  const { build } = await bench.build(document);
  return build.nodes.index;
}

function drawWith(settings: Record<string, Record<string, JsonValue>>): FlowDocument {
  const document = drawRag().build();
  const nodes = Object.entries(document.nodes).map(([id, node]) => [
    id,
    { ...node, settings: settings[id] ?? node.settings },
  ]);
  return { ...document, nodes: Object.fromEntries(nodes) };
}

describe('fingerprints', () => {
  it('stay when nothing that matters changes: title, position, order of wires, a default written out', async () => {
    const plain = await fingerprintIndex(drawRag().build());
    const drawn = drawRag().node('chunk', 'chunk/lines', { prefix: '' }, { title: '分ける' }).build();
    const moved = { ...drawn, edges: [...drawn.edges].reverse() };
    expect(await fingerprintIndex(moved)).toEqual(plain);
  });

  it('change with a setting upstream, and come back with it', async () => {
    const plain = await fingerprintIndex(drawRag().build());
    const other = await fingerprintIndex(drawWith({ chunk: { prefix: '・' } }));
    expect(other?.fingerprint).not.toBe(plain?.fingerprint);
    expect(other?.lineage).not.toBe(plain?.lineage);
    expect(await fingerprintIndex(drawWith({ chunk: {} }))).toEqual(plain);
  });

  it('change with behaviour, not with the version of the settings', async () => {
    const plain = await fingerprintIndex(drawRag().build());
    const withBehaviour = new TestBench({ ...memoryIndex, description: { ...memoryIndex.description, behaviour: 2 } });
    expect((await fingerprintIndex(drawRag().build(), withBehaviour))?.fingerprint).not.toBe(plain?.fingerprint);
    const renamed = {
      ...memoryIndex,
      description: { ...memoryIndex.description, version: 2 },
      migrations: [{ from: 1, migrate: (settings: Readonly<Record<string, JsonValue>>) => ({ ...settings }) }],
    };
    expect(await fingerprintIndex(drawRag().build(), new TestBench(renamed))).toEqual(plain);
  });

  it('are of the model, not of the host that runs it', async () => {
    const plain = await fingerprintIndex(drawRag().build());
    const elsewhere = await fingerprintIndex(drawWith({ model: { host: 'there' } }));
    expect(elsewhere?.fingerprint).toBe(plain?.fingerprint);
    const bench = new TestBench();
    bench.host.changeDigest('fake-embedding', 'sha256:new');
    const renewed = await fingerprintIndex(drawRag().build(), bench);
    expect(renewed?.lineage).not.toBe(plain?.lineage);
  });

  it('leave out what a newer version added inside a group of settings, at its default', () => {
    const schema = z.object({
      fusion: z.object({ weight: z.number().default(0.5), added: z.string().default('x') }).prefault({}),
      tags: z.array(z.string()).default([]),
    });
    const parsed = schema.parse({ fusion: { weight: 0.7 } });
    expect(findDistinctSettings(schema, parsed)).toEqual({ fusion: { weight: 0.7 } });
    expect(findDistinctSettings(schema, schema.parse({}))).toEqual({});
  });

  it('are the same on every machine', async () => {
    const index = await fingerprintIndex(drawRag().build());
    expect([index?.lineage, index?.fingerprint]).toMatchInlineSnapshot(`
      [
        "414795e521df018546e427599640d9a8af3d70fe4ded481a8cdc9c971ff19ee0",
        "ea9b0feec0152eaba2d231f265f51abe384561166093880546c5dcf3d5267841",
      ]
    `);
  });
});

describe('planFlow', () => {
  it('refuses a flow with errors and names them all', () => {
    const document = drawRag().node('search', 'retrieve/unheard-of').wire('chunk.chunks', 'answer.value').build();
    expect(() => new TestBench().plan(document)).toThrow(
      expect.objectContaining({
        code: 'flow-invalid',
        problems: expect.arrayContaining([
          expect.objectContaining({ code: 'unknown-node-type', node: 'search' }),
          expect.objectContaining({ code: 'kind-mismatch', node: 'answer' }),
        ]),
      }),
    );
  });

  it('migrates the settings of older versions and finds what only the type itself can judge', () => {
    const picky = defineNode({
      type: 'prompt/picky',
      version: 2,
      behaviour: 1,
      effect: 'pure',
      title: { en: 'Picky', ja: 'こだわり' },
      description: { en: '', ja: '' },
      settings: z.object({ even: z.int().refine((value) => value % 2 === 0, 'must be even') }),
      settingTexts: { even: { title: { en: 'Even', ja: '偶数' } } },
      inputs: {},
      outputs: {},
      migrations: [{ from: 1, migrate: ({ old }) => ({ even: old ?? 0 }) }],
      run: async () => ({}),
    });
    const bench = new TestBench(picky);
    const plan = bench.plan(drawRag().node('picky', 'prompt/picky', { old: 4 }).build());
    expect(plan.document.nodes.picky).toMatchObject({ version: 2, settings: { even: 4 } });
    expect(() => bench.plan(drawRag().node('picky', 'prompt/picky', { old: 3 }).build())).toThrow(
      expect.objectContaining({ code: 'flow-invalid', path: '/nodes/picky/settings/even' }),
    );
  });
});
