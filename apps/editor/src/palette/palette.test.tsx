import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { renderEditor } from '../testing/render-editor.tsx';
import { Palette } from './palette.tsx';

afterEach(cleanup);

test('families show how many types they have and open by a click', async () => {
  await renderEditor(<Palette />);
  const family = screen.getByRole('button', { name: '文書を取り込む、1 種類' });
  expect(screen.queryByRole('button', { name: 'load/files' })).toBeNull();
  fireEvent.click(family);
  expect(screen.getByRole('button', { name: 'load/files' })).toBeTruthy();
});

test('a click adds a node beside the selected one', async () => {
  const { flow } = await renderEditor(<Palette />);
  flow.getState().select(['files']);
  fireEvent.click(screen.getByRole('button', { name: '分ける、1 種類' }));
  fireEvent.click(screen.getByRole('button', { name: 'chunk/recursive' }));
  expect(flow.getState().document.nodes.recursive?.position).toEqual({ x: 180, y: 0 });
});

test('a search opens what it finds, and Enter adds the first, but not while an input method composes', async () => {
  const { flow } = await renderEditor(<Palette />);
  const search = screen.getByRole('searchbox');
  fireEvent.change(search, { target: { value: 'hybrid' } });
  expect(screen.getByRole('button', { name: 'retrieve/hybrid' })).toBeTruthy();
  fireEvent.keyDown(search, { key: 'Enter', isComposing: true });
  expect(flow.getState().document.nodes.hybrid).toBeUndefined();
  fireEvent.keyDown(search, { key: 'Enter' });
  expect(flow.getState().document.nodes.hybrid).toBeDefined();
});

test('a search without a result says so', async () => {
  await renderEditor(<Palette />);
  fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'ほげ' } });
  expect(screen.getByText('「ほげ」に合う部品はありません。')).toBeTruthy();
});
