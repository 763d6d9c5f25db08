import { RE2JS } from 're2js';
import type { FoundSpan } from './found-span.ts';

export type OwnPattern = { readonly label: string; readonly pattern: string };

/** Patterns that are given are compiled to automata (RE2): whatever they say, they take time in proportion to the text. */
export function compileOwnPatterns(patterns: readonly OwnPattern[]): (text: string) => readonly FoundSpan[] {
  const compiled = patterns.map(({ label, pattern }) => ({ label, pattern: RE2JS.compile(pattern) }));
  return (text) => {
    const spans: FoundSpan[] = [];
    for (const { label, pattern } of compiled) {
      const matcher = pattern.matcher(text);
      while (matcher.find()) {
        const [start, end] = [matcher.start(), matcher.end()];
        if (end > start) spans.push({ kind: 'own', start, end, identity: text.slice(start, end), label });
      }
    }
    return spans;
  };
}

export function isPattern(pattern: string): boolean {
  try {
    RE2JS.compile(pattern);
    return true;
  } catch {
    return false;
  }
}
