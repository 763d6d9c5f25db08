import type { FlowDocument } from '@kumiki/flow';
import { act, cleanup, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { buildsQuery } from '../api/flows.ts';
import { renderEditor } from '../testing/render-editor.tsx';
import { testDocument } from '../testing/test-flow.ts';
import { NodeInspector } from './node-inspector.tsx';

afterEach(cleanup);

const document: FlowDocument = {
  ...testDocument,
  nodes: {
    index: { type: 'index/pgvector', version: 1, settings: {}, position: { x: 0, y: 0 } },
    search: { type: 'retrieve/hybrid', version: 1, settings: {}, position: { x: 200, y: 0 } },
  },
  edges: [{ from: 'index.index', to: 'search.index' }],
};

const index = { documents: 3, chunks: 28, embeddingModel: { name: 'e5-small' } };

async function renderBuilt(node: string) {
  const { queries } = await renderEditor(<NodeInspector id={node} />, document);
  const artifact = { node: 'index', kind: 'index/pgvector', fingerprint: 'f', documents: 3, stale: false };
  const build = {
    ...{ number: 1, version: 1, run: 'r', createdAt: '2025-11-23T09:00:00.000Z', models: [] },
    artifacts: [{ ...artifact, value: { index } }],
  };
  act(() => void queries.setQueryData(buildsQuery('flow').queryKey, { items: [build], next: null }));
}

test('what was built is shown where no run tells of it, at the node that made it and at the one that it reaches', async () => {
  await renderBuilt('index');
  const output = within(screen.getByRole('region', { name: /出力/ }));
  expect(await output.findByText('3 文書 · 28 断片')).toBeTruthy();
  cleanup();
  await renderBuilt('search');
  const input = within(screen.getByRole('region', { name: /入力/ }));
  expect(await input.findByText('3 文書 · 28 断片')).toBeTruthy();
  expect(input.getByText('e5-small')).toBeTruthy();
});
