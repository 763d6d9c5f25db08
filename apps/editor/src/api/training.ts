import { readProblem } from './problem.ts';

/** Ends the training of a node early; its best checkpoint becomes the model. */
export async function stopTraining({ run, node }: { readonly run: string; readonly node: string }): Promise<void> {
  const response = await fetch(`/api/runs/${encodeURIComponent(run)}/stop-training`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ node }),
  });
  if (!response.ok) throw readProblem(await response.json().catch(() => null), response.status);
}
