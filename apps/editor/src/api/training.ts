import { readProblem } from './problem.ts';

/** Asks a node that trains to end early; its best checkpoint becomes the model, and the run goes on with it. */
export async function stopTraining({ run, node }: { readonly run: string; readonly node: string }): Promise<void> {
  const address = `/api/runs/${encodeURIComponent(run)}/nodes/${encodeURIComponent(node)}/stop`;
  const response = await fetch(address, { method: 'POST' });
  if (!response.ok) throw readProblem(await response.json().catch(() => null), response.status);
}
