import type { Passage, PortValue } from '@kumiki/node-sdk';

/** How a value of any kind reads inside a prompt. */
export function renderValue(value: PortValue | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) {
    const members: readonly unknown[] = value;
    if (members.length === 0) return '';
    if (members.every(isPassage)) return formatPassages(members);
  }
  return JSON.stringify(value, null, 2);
}

/**
 * Passages with the numbers by which an answer cites them, from 1 in their order: `[1] name › heading`, then the text.
 * Citations are checked against the same numbers.
 */
export function formatPassages(passages: readonly Passage[]): string {
  return passages
    .map(({ documentName, headings, text }, place) => {
      const from = [documentName, ...headings.filter((heading) => heading !== documentName)].join(' › ');
      return `[${place + 1}] ${from}\n${text.trim()}`;
    })
    .join('\n\n');
}

// A variable's kind is not known when the template runs, only its value: passages are told by their shape.
function isPassage(value: unknown): value is Passage {
  if (typeof value !== 'object' || value === null) return false;
  return (
    'documentId' in value && 'documentName' in value && 'headings' in value && 'text' in value && 'scores' in value
  );
}
