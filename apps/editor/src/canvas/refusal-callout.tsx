import { useEffect } from 'react';
import { useLocalised } from '../i18n/use-localised.ts';
import { Icon } from '../icons/icon.tsx';
import styles from './refusal-callout.module.css';
import type { Refusal } from './use-wiring.ts';

const shownFor = 6_000;
const width = 260;

type RefusalCalloutProps = { readonly refusal: Refusal; readonly onClose: () => void };

/** Why a port refused a wire, where the wire was let go. The next press of the pointer takes it away. */
export function RefusalCallout({ refusal: { problem, screen }, onClose }: RefusalCalloutProps) {
  const localise = useLocalised();
  useEffect(() => {
    const timer = setTimeout(onClose, shownFor);
    addEventListener('pointerdown', onClose);
    return () => {
      clearTimeout(timer);
      removeEventListener('pointerdown', onClose);
    };
  }, [onClose]);
  return (
    <div
      className={styles.callout}
      role="alert"
      style={{ left: Math.min(screen.x + 10, innerWidth - width - 8), top: screen.y + 14, width }}
    >
      <Icon name="warning" size={13} />
      <span>{localise(problem.message)}</span>
    </div>
  );
}
