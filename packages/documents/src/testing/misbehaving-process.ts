import { spawnSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { ParseRequest, ParseResponse } from '../parser-messages.ts';

/** Stands in for the parser process and does what the file's name says. Answers with its process id as the text. */
const deeds: Readonly<Record<string, () => string>> = {
  crash: () => process.exit(3),
  hang: () => {
    for (;;);
  },
  'fill-heap': () => {
    const held: string[][] = [];
    for (;;) held.push(Array.from({ length: 10_000 }, (_, index) => `${held.length} ${index}`));
  },
  'fill-buffers': () => {
    const held = Array.from({ length: 64 }, () => randomFillSync(Buffer.alloc(16 * 1024 * 1024)));
    return String(held.length);
  },
  'try-permissions': () =>
    [
      errorOf(() => writeFileSync('written-by-a-document', '')),
      errorOf(() => spawnSync(process.execPath, ['--version'])),
      `${Object.keys(process.env).length} variables`,
    ].join(', '),
};

function errorOf(attempt: () => unknown): string {
  try {
    attempt();
    return 'allowed';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'failed';
  }
}

process.on('message', ({ file }: ParseRequest) => {
  const text = deeds[file.name]?.() ?? String(process.pid);
  process.send?.({ result: { text, headings: [], pages: [], mediaType: 'text/plain' } } satisfies ParseResponse);
});
process.on('disconnect', () => process.exit());
