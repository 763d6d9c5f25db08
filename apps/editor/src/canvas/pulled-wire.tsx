import type { ConnectionLineComponentProps } from '@xyflow/react';
import { useDerivedFlow } from '../flow/flow-context.tsx';
import { kindGroups } from '../icons/port-shape.tsx';
import styles from './wire-edge.module.css';

/** The wire in the hand: straight pieces from the port to the pointer, in the hue of its kind. */
export function PulledWireLine({ fromX, fromY, toX, toY, fromNode, fromHandle }: ConnectionLineComponentProps) {
  const { graph } = useDerivedFlow();
  const ports = graph.nodes.get(fromNode.id)?.ports;
  const port = fromHandle.id ?? '';
  const isOutput = fromHandle.type === 'source';
  const kind = isOutput ? ports?.outputs[port]?.kind : ports?.inputs[port]?.kinds[0];
  const start = fromX + (isOutput ? 6 : -6);
  const middle = Math.round((start + toX) / 2);
  return (
    <g className={kind === undefined ? undefined : `g-${kindGroups[kind]}`}>
      <path className={styles.pulled} d={`M${start} ${fromY}H${middle}V${toY}H${toX}`} />
      <rect className={styles.pulledEnd} x={toX - 3} y={toY - 3} width="6" height="6" />
    </g>
  );
}
