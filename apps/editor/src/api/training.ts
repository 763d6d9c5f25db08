import { client } from './client.ts';
import { unwrap } from './problem.ts';

/** Asks a node that trains to end early; its best checkpoint becomes the model, and the run goes on with it. */
export function stopTraining({ run, node }: { readonly run: string; readonly node: string }) {
  return unwrap(client.POST('/api/runs/{id}/nodes/{node}/stop', { params: { path: { id: run, node } } }));
}
