import type { Edge, EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import { kindGroups } from '../icons/port-shape.tsx';
import type { Wire, WireState } from './canvas-model.ts';
import type { WireDrawing } from './draw-wires.ts';
import styles from './wire-edge.module.css';
import type { Point } from './wire-geometry.ts';

export type WireEdgeData = {
  readonly wire: Wire;
  readonly drawing: WireDrawing;
  readonly state: WireState;
  readonly joints: readonly Point[];
  /** Carries the cross of its net where the source failed. */
  readonly isMarked: boolean;
};
export type WireEdgeType = Edge<WireEdgeData, 'wire'>;

const jointSize = 6;

/** A wire as it was laid: a single line for a value, a double one for a stream. */
export const WireEdge = memo(function WireEdge({ data, selected }: EdgeProps<WireEdgeType>) {
  if (data === undefined) return null;
  const { wire, drawing, state, joints, isMarked } = data;
  return (
    <g
      className={`${styles.wire} g-${kindGroups[wire.kind]}`}
      data-state={state}
      data-stream={wire.isStream || undefined}
      data-time={wire.time}
      data-selected={selected === true || undefined}
    >
      <path className={styles.grip} d={drawing.path} />
      <path className={styles.line} d={drawing.path} />
      {wire.isStream && <path className={styles.core} d={drawing.path} />}
      {joints.map(({ x, y }) => (
        <rect
          key={`${x} ${y}`}
          className={styles.joint}
          x={x - jointSize / 2}
          y={y - jointSize / 2}
          width={jointSize}
          height={jointSize}
        />
      ))}
      {state === 'failed' && isMarked && <Broken at={drawing.middle} />}
    </g>
  );
});

/** A cross on the wire out of a node that failed: nothing came through here. */
function Broken({ at }: { readonly at: Point }) {
  return (
    <g className={styles.broken} transform={`translate(${at.x} ${at.y})`}>
      <rect x="-6" y="-6" width="12" height="12" />
      <path d="M-2.6-2.6 2.6 2.6M2.6-2.6-2.6 2.6" />
    </g>
  );
}
