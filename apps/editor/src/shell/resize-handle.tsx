import type { KeyboardEvent, PointerEvent } from 'react';
import styles from './editor-frame.module.css';
import { type Dock, dockLimits, useLayout } from './layout-store.ts';

/** In which direction a dock grows when the handle is pulled right or down. */
const growth: Readonly<Record<Dock, 1 | -1>> = { palette: 1, inspector: -1, panel: -1 };

/** The edge between two docks: pulled by pointer, or moved by arrow keys. */
export function ResizeHandle({ dock, label }: { readonly dock: Dock; readonly label: string }) {
  const size = useLayout((layout) => layout.sizes[dock]);
  const setSize = useLayout((layout) => layout.setSize);
  const horizontal = dock === 'panel';
  const [least, most] = dockLimits[dock];

  const startPull = (event: PointerEvent<HTMLElement>) => {
    const handle = event.currentTarget;
    handle.setPointerCapture(event.pointerId);
    const start = horizontal ? event.clientY : event.clientX;
    const pull = (move: globalThis.PointerEvent) => {
      setSize(dock, size + ((horizontal ? move.clientY : move.clientX) - start) * growth[dock]);
    };
    handle.addEventListener('pointermove', pull);
    handle.addEventListener('lostpointercapture', () => handle.removeEventListener('pointermove', pull), {
      once: true,
    });
  };

  const step = (event: KeyboardEvent) => {
    const forward = horizontal ? 'ArrowDown' : 'ArrowRight';
    const back = horizontal ? 'ArrowUp' : 'ArrowLeft';
    if (event.key !== forward && event.key !== back) return;
    event.preventDefault();
    setSize(dock, size + 16 * growth[dock] * (event.key === forward ? 1 : -1));
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: an <hr> cannot take the focus or hold a value
    <div
      className={styles.handle}
      data-dock={dock}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={horizontal ? 'horizontal' : 'vertical'}
      aria-valuenow={size}
      aria-valuemin={least}
      aria-valuemax={most}
      onPointerDown={startPull}
      onKeyDown={step}
    />
  );
}
