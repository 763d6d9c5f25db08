import type { CSSProperties, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './editor-frame.module.css';
import { useLayout } from './layout-store.ts';
import { ResizeHandle } from './resize-handle.tsx';

type EditorFrameProps = {
  readonly top: ReactNode;
  readonly palette: ReactNode;
  readonly canvas: ReactNode;
  readonly panel: ReactNode;
  readonly inspector: ReactNode;
};

/** Height of the closed lower panel: its row of tabs. */
const closedPanel = 35;

/** Where the parts of the editor stand. Sizes can be pulled and are kept. */
export function EditorFrame({ top, palette, canvas, panel, inspector }: EditorFrameProps) {
  const { t } = useTranslation();
  const sizes = useLayout((layout) => layout.sizes);
  const panelOpen = useLayout((layout) => layout.panelOpen);
  // Custom properties are not in React's type of a style.
  const style = {
    '--palette-size': `${sizes.palette}px`,
    '--inspector-size': `${sizes.inspector}px`,
    '--panel-size': `${panelOpen ? sizes.panel : closedPanel}px`,
  } as CSSProperties;
  return (
    <div className={styles.frame} style={style}>
      {top}
      <nav className={styles.palette} aria-label={t('shell.palette')}>
        {palette}
        <ResizeHandle dock="palette" label={t('shell.resizePalette')} />
      </nav>
      <main className={styles.canvas} aria-label={t('shell.canvas')}>
        {canvas}
      </main>
      <section className={styles.panel} aria-label={t('shell.panel')}>
        {panel}
        {panelOpen && <ResizeHandle dock="panel" label={t('shell.resizePanel')} />}
      </section>
      <aside className={styles.inspector} aria-label={t('shell.inspector')}>
        {inspector}
        <ResizeHandle dock="inspector" label={t('shell.resizeInspector')} />
      </aside>
    </div>
  );
}
