import { useReactFlow, useViewport } from '@xyflow/react';
import { useTranslation } from 'react-i18next';
import type { GlyphName } from '../icons/glyphs.ts';
import { Icon } from '../icons/icon.tsx';
import { useFit } from './use-fit.ts';
import styles from './zoom-bar.module.css';

const motion = { duration: 160 } as const;
export function ZoomBar({ onTidyUp }: { readonly onTidyUp: () => void }) {
  const { t } = useTranslation();
  const { zoomIn, zoomOut, zoomTo } = useReactFlow();
  const fit = useFit();
  const { zoom } = useViewport();
  return (
    <div className={styles.bar} role="toolbar" aria-label={t('canvas.shortcuts.view')}>
      <Tool label={t('canvas.zoomOut')} icon="minus" onClick={() => zoomOut(motion)} />
      <button type="button" className={styles.percent} title={t('canvas.zoomReset')} onClick={() => zoomTo(1, motion)}>
        {`${Math.round(zoom * 100)}%`}
      </button>
      <Tool label={t('canvas.zoomIn')} icon="plus" onClick={() => zoomIn(motion)} />
      <hr />
      <Tool label={t('canvas.fit')} icon="fit" onClick={() => fit()} />
      <Tool label={t('canvas.tidyUp')} icon="tidy-up" onClick={onTidyUp} />
    </div>
  );
}

type ToolProps = { readonly label: string; readonly icon: GlyphName; readonly onClick: () => unknown };

function Tool({ label, icon, onClick }: ToolProps) {
  return (
    <button type="button" aria-label={label} title={label} onClick={() => void onClick()}>
      <Icon name={icon} />
    </button>
  );
}
