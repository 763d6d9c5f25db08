import type { NodeState, RunPhase } from '../run/run-state.ts';

/** A run is drawn by the icons of a node. */
export const phaseIcons: Readonly<Record<RunPhase, NodeState>> = {
  queued: 'waiting',
  running: 'running',
  succeeded: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
};
