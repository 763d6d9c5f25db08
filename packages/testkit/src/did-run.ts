/** As much of a run event as is needed to see what ran. */
type NodeEvent = { readonly type: string; readonly node?: string | null; readonly state?: string };

/** Whether a node worked in a run: not where it was reused, skipped, or never asked. */
export function didRun(events: readonly NodeEvent[], node: string): boolean {
  return events.some((event) => event.type === 'node-start' && event.node === node);
}

/** How a node ended, last of all; null where no event tells. */
export function findEndState(events: readonly NodeEvent[], node: string): string | null {
  return events.findLast((event) => event.type === 'node-end' && event.node === node)?.state ?? null;
}
