import type { NodeState } from '../run/run-state.ts';
import styles from './icon.module.css';
import { Icon } from './icon.tsx';

/** The icon of a state. The state's word stands beside it, always. */
export function StateIcon({ state, size = 13 }: { readonly state: NodeState; readonly size?: number }) {
  if (state === 'waiting') {
    return (
      <svg
        className={`${styles.icon} ${styles.waiting}`}
        viewBox="0 0 16 16"
        width={size}
        height={size}
        aria-hidden="true"
      >
        <circle cx="8" cy="8" r="5.3" />
      </svg>
    );
  }
  if (state === 'running') return <TurningArc size={size} />;
  return <Icon name={state} size={size} />;
}

/** Says that something is going on. Slow rather than still where less motion is wanted: it is the only sign of it. */
export function TurningArc({ size = 13 }: { readonly size?: number }) {
  return (
    <svg className={`${styles.icon} ${styles.ring}`} viewBox="0 0 16 16" width={size} height={size} aria-hidden="true">
      <circle cx="8" cy="8" r="5.3" />
      <path d="M8 2.7A5.3 5.3 0 0 1 13.3 8" />
    </svg>
  );
}
