import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { renderEditor } from '../testing/render-editor.tsx';
import { testDocument } from '../testing/test-flow.ts';
import { Canvas } from './canvas.tsx';

afterEach(cleanup);

const drawn = {
  ...testDocument,
  nodes: {
    ...testDocument.nodes,
    chunk: { type: 'chunk/recursive', version: 1, settings: {}, position: { x: 180, y: 0 } },
    old: { type: 'load/fax', version: 1, settings: {}, position: { x: 0, y: 360 }, title: 'ファックス' },
  },
  edges: [{ from: 'files.documents', to: 'chunk.documents' }],
};

test('an empty flow says how to begin', async () => {
  await renderEditor(<Canvas />, { ...testDocument, nodes: {} });
  expect(screen.getByText('まだ部品がありません')).toBeTruthy();
});

test('nodes show title, value and ports; one of an unknown type stays in the drawing', async () => {
  await renderEditor(<Canvas />, drawn);
  const chunk = screen.getByRole('article', { name: /^chunk\/recursive、/ });
  expect(chunk.textContent).toContain('400');
  expect([...chunk.querySelectorAll('[data-port]')].map((port) => port.getAttribute('data-port'))).toEqual([
    'chunk.documents',
    'chunk.chunks',
  ]);
  expect(screen.getByRole('article', { name: /^ファックス、/ }).textContent).toContain('不明な種類の部品');
});

test('a node shows what its run says: per cent, then count and time', async () => {
  const { runs } = await renderEditor(<Canvas />, drawn);
  const at = new Date().toISOString();
  act(() => {
    runs.getState().expect('r', 'build');
    runs.getState().receive('r', [
      { type: 'run-start', kind: 'build', at },
      { type: 'node-start', node: 'chunk', at },
      { type: 'node-progress', node: 'chunk', done: 44, total: 100, unit: 'chunks', waitingFor: null },
    ]);
  });
  expect(screen.getByRole('article', { name: /実行中/ }).textContent).toContain('44%');
  expect(screen.getByRole('article', { name: 'load/files、待機' })).toBeTruthy();
  act(() => {
    runs
      .getState()
      .receive('r', [{ type: 'node-progress', node: 'files', done: 0, total: null, unit: 'steps', waitingFor: 'gpu' }]);
  });
  expect(screen.getByRole('article', { name: 'load/files、GPU の空き待ち' }).textContent).toContain('GPU の空き待ち');
  act(() => {
    runs.getState().receive('r', [
      {
        type: 'node-end',
        node: 'chunk',
        state: 'succeeded',
        milliseconds: 38,
        counts: { chunks: { documents: 3, items: 2_846 } },
        sample: {},
        usage: null,
        warnings: [],
        documentErrors: [],
        error: null,
      },
    ]);
  });
  const done = screen.getByRole('article', { name: /完了/ });
  expect(done.textContent).toContain('2,846 件');
  expect(done.textContent).toContain('38 ms');
});

test('keys delete, undo, duplicate and move; none of them while an input method composes', async () => {
  const { flow } = await renderEditor(<Canvas />, drawn);
  act(() => flow.getState().select(['chunk']));
  fireEvent.keyDown(window, { key: 'Delete', isComposing: true });
  expect(flow.getState().document.nodes.chunk).toBeDefined();
  fireEvent.keyDown(window, { key: 'ArrowRight', shiftKey: true });
  expect(flow.getState().document.nodes.chunk?.position.x).toBe(240);
  fireEvent.keyDown(window, { key: 'Delete' });
  expect(flow.getState().document.nodes.chunk).toBeUndefined();
  fireEvent.keyDown(window, { key: 'z', ctrlKey: true });
  expect(flow.getState().document.nodes.chunk).toBeDefined();
  act(() => flow.getState().select(['files']));
  fireEvent.keyDown(window, { key: 'd', ctrlKey: true });
  expect(flow.getState().document.nodes['files-2']).toBeDefined();
});

test('N asks what comes next; the chosen node arrives connected', async () => {
  const { flow } = await renderEditor(<Canvas />, testDocument);
  act(() => flow.getState().select(['files']));
  fireEvent.keyDown(window, { key: 'n' });
  const search = screen.getByRole('combobox');
  expect(screen.getAllByRole('option').map(({ textContent }) => textContent)).toEqual(['chunk/recursive']);
  fireEvent.keyDown(search, { key: 'Enter' });
  expect(flow.getState().document.edges).toEqual([{ from: 'files.documents', to: 'recursive.documents' }]);
});

test('F2 renames a node in its place; Escape keeps the old name', async () => {
  const { flow } = await renderEditor(<Canvas />, testDocument);
  act(() => flow.getState().select(['files']));
  for (const [key, title] of [
    ['Enter', 'ヘルプ記事'],
    ['Escape', 'ヘルプ記事'],
  ] as const) {
    fireEvent.keyDown(window, { key: 'F2' });
    const field = screen.getByRole('textbox', { name: '名前を変える' });
    fireEvent.input(field, { target: { value: key === 'Enter' ? title : 'x' } });
    fireEvent.keyDown(field, { key });
    fireEvent.blur(field);
    expect(flow.getState().document.nodes.files?.title).toBe(title);
  }
});
