import type { NodeTypeDescription } from '@kumiki/flow';
import { expect, test } from 'vitest';
import { describeType } from '../testing/test-flow.ts';
import { describeValue } from './describe-value.ts';

const base = describeType('chunk/recursive', {
  settings: { size: { type: 'integer', default: 400 }, mode: { type: 'string' }, collection: { type: 'string' } },
});
const texts: NodeTypeDescription['settingTexts'] = {
  mode: { title: { en: 'Mode', ja: '方式' }, options: { rrf: { en: 'Rank fusion', ja: '順位の融合' } } },
  collection: { title: { en: 'Collection', ja: 'コレクション' } },
  size: { title: { en: 'Tokens', ja: 'トークン' } },
};

function describe(headline: string | null, settings: Record<string, string | number>) {
  const node = { type: base.type, version: 1, settings, position: { x: 0, y: 0 } };
  return describeValue(node, { ...base, headline, settingTexts: texts }, (text) => text.ja);
}

test('a figure stands before its name, also when it is the default', () => {
  expect(describe('size', {})).toBe('400 · トークン');
  expect(describe('size', { size: 200 })).toBe('200 · トークン');
});

test('a choice is told by its name, a text by itself in one line', () => {
  expect(describe('mode', { mode: 'rrf' })).toBe('順位の融合');
  expect(describe('collection', { collection: 'ヘルプ\n記事' })).toBe('ヘルプ 記事');
});

test('nothing set is null; a type that names no setting shows its first figure', () => {
  expect(describe('collection', { collection: '' })).toBeNull();
  expect(describe('collection', { collection: '', mode: 'rrf' })).toBe('順位の融合');
  expect(describe(null, {})).toBe('400 · トークン');
});
