import { expect, test } from 'vitest';
import { english } from './english.ts';
import { japanese } from './texts.ts';

type Tree = { readonly [key: string]: string | Tree };

function flatten(tree: Tree, path = ''): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === 'string' ? [[`${path}${key}`, value] as const] : [...flatten(value, `${path}${key}.`)],
    ),
  );
}

const ja = flatten(japanese);
const en = flatten(english);

test('both languages have the same keys', () => {
  expect([...en.keys()].sort()).toEqual([...ja.keys()].sort());
});

test('a text names the same values in both languages', () => {
  const names = (text: string | undefined) =>
    [...(text ?? '').matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();
  for (const [key, text] of ja) expect(names(en.get(key)), key).toEqual(names(text));
});

test('no text is empty', () => {
  for (const [key, text] of [...ja, ...en]) expect(text, key).not.toBe('');
});
