import type { Schemas } from '@kumiki/client';

type Run = Schemas['Run'];

/** What a listed run was asked, and which arm: the one that its answer has alone. */
export function readRunQuestion(run: Run): { readonly inputs: Run['inputs']; readonly output: string | null } {
  const [only, ...more] = Object.keys(run.outputs ?? {});
  return { inputs: run.inputs, output: only !== undefined && more.length === 0 ? only : null };
}

/** The first text of a question, for a list. */
export function titleQuestion(run: Run): string | null {
  for (const value of Object.values(run.inputs))
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
  return null;
}
