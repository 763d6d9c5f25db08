import { expect, test } from 'vitest';
import { describeType, testDocument } from '../testing/test-flow.ts';
import { placeNewNode } from './place-new-node.ts';
import { groupNodeTypes, matchesQuery } from './search-node-types.ts';

const hybrid = {
  ...describeType('retrieve/hybrid', {}),
  title: { en: 'Hybrid search', ja: 'ハイブリッド検索' },
};

test('a search finds either language, parts of words, half-width kana and the type', () => {
  for (const query of ['hybrid', 'HYB sea', 'ハイブリッド', 'ﾊｲﾌﾞﾘｯﾄﾞ', 'retrieve/', '', ' ']) {
    expect(matchesQuery(hybrid, query), query).toBe(true);
  }
  expect(matchesQuery(hybrid, 'lexical')).toBe(false);
});

test('types stand under their families, in the order in which a flow is drawn', () => {
  const types = [describeType('output', {}), hybrid, describeType('load/files', {})];
  expect(groupNodeTypes(types, '').map(({ family }) => family)).toEqual(['load', 'retrieve', 'output']);
  expect(groupNodeTypes(types, 'hybrid').map(({ family }) => family)).toEqual(['retrieve']);
});

test('a new node goes where there is room', () => {
  expect(placeNewNode(testDocument, { x: 400, y: 0 })).toEqual({ x: 400, y: 0 });
  expect(placeNewNode(testDocument, { x: 0, y: 0 }).y).toBeGreaterThanOrEqual(112);
});
