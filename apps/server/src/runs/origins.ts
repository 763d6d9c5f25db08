import type { Plan } from '@kumiki/engine';
import type { Database } from '@kumiki/store';
import { findFlowFolder } from '../flow-files.ts';
import type { OriginOf } from './node-services.ts';

/** Relative folders count from the file of the flow that a node was drawn in, also where that flow is inlined. */
export async function findOrigins(
  database: Database,
  at: { readonly workspace: string; readonly flow: string; readonly plan: Plan },
): Promise<OriginOf> {
  const { workspace, flow, plan } = at;
  const folders = new Map<string, string | null>([['', await findFlowFolder(database, workspace, flow)]]);
  for (const [path, reference] of plan.references) {
    folders.set(path, await findFlowFolder(database, workspace, reference.flow));
  }
  return (node) => folders.get(node.slice(0, Math.max(0, node.lastIndexOf('/')))) ?? null;
}
