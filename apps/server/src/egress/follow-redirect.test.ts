import { expect, it } from 'vitest';
import { followRedirect, type Hop } from './follow-redirect.ts';

const hop: Hop = { url: new URL('https://one.example/a/b'), method: 'GET', headers: {}, body: null };

it('a redirect is read relative to where it came from', () => {
  expect(followRedirect(hop, 302, '../c?d').url.href).toBe('https://one.example/c?d');
  expect(followRedirect(hop, 302, '//two.example/c').url.href).toBe('https://two.example/c');
});

it('a redirect out of https is refused, and one into it is followed', () => {
  expect(() => followRedirect(hop, 302, 'http://one.example/')).toThrow(/https to http/);
  const plain = { ...hop, url: new URL('http://one.example/') };
  expect(followRedirect(plain, 301, 'https://one.example/').url.protocol).toBe('https:');
});
