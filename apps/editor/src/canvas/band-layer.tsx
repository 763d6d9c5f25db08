import { ViewportPortal } from '@xyflow/react';
import { useTranslation } from 'react-i18next';
import { useDerivedFlow, useFlow } from '../flow/flow-context.tsx';
import { useLocalised } from '../i18n/use-localised.ts';
import { Icon } from '../icons/icon.tsx';
import styles from './band-layer.module.css';
import type { Band } from './find-bands.ts';

/** Tinted regions behind the nodes: what is prepared at build time, what runs for each question. */
export function BandLayer({ bands }: { readonly bands: readonly Band[] }) {
  return (
    <ViewportPortal>
      <div className={styles.layer}>
        <svg className={styles.regions} aria-hidden="true">
          {bands.map(({ id, time, path }) => (
            <path key={id} data-time={time} d={path} />
          ))}
        </svg>
        {bands.map((band) => (
          <BandTag key={band.id} band={band} />
        ))}
      </div>
    </ViewportPortal>
  );
}

function BandTag({ band: { time, tag, nodes } }: { readonly band: Band }) {
  const { t } = useTranslation();
  const purpose = useBandPurpose(time, nodes);
  return (
    <span className={styles.tag} data-time={time} style={{ left: tag.x + 9, top: tag.y + 4, maxWidth: tag.width - 14 }}>
      <Icon name={time === 'build' ? 'build' : 'speech'} size={12} />
      <span>{[t(`nodes.bindingTime.${time}`), purpose].filter((word) => word !== null).join(' · ')}</span>
    </span>
  );
}

/** What a band is for: a group's own title, else what its nodes leave behind. Null where they leave nothing. */
function useBandPurpose(time: Band['time'], nodes: readonly string[]): string | null {
  const { t } = useTranslation();
  const localise = useLocalised();
  const { graph } = useDerivedFlow();
  const groups = useFlow((state) => state.document.groups);
  const named = groups.find((group) => group.nodes.some((id) => nodes.includes(id)) && group.title !== '');
  if (named !== undefined) return named.title;
  if (time === 'request') return t('canvas.band.request');
  const makers = nodes.flatMap((id) => {
    const node = graph.nodes.get(id);
    return node?.description.makesArtifact === true ? [node.node.title ?? localise(node.description.title)] : [];
  });
  return makers.length === 0 ? null : t('canvas.band.buildFor', { what: makers.join(t('canvas.band.and')) });
}
