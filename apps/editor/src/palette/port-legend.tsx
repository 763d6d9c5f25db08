import { type PortKind, portKinds } from '@kumiki/flow';
import { useTranslation } from 'react-i18next';
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { Icon } from '../icons/icon.tsx';
import { kindGroups, PortShape } from '../icons/port-shape.tsx';
import styles from './port-legend.module.css';

const groups: readonly (readonly PortKind[])[] = [...Map.groupBy(portKinds, (kind) => kindGroups[kind]).values()];

const briefKinds = ['chat-model', 'embedding-model', 'rerank-model', 'prompt-template'] as const;

/** Kinds with a shorter name here, where the column is narrow. */
function isBrief(kind: PortKind): kind is (typeof briefKinds)[number] {
  return briefKinds.some((brief) => brief === kind);
}

type Legend = { readonly isOpen: boolean; readonly toggle: () => void };

const useLegend = create<Legend>()(
  persist((set) => ({ isOpen: true, toggle: () => set(({ isOpen }) => ({ isOpen: !isOpen })) }), {
    name: 'kumiki.legend',
    partialize: ({ isOpen }) => ({ isOpen }),
  }),
);

/** What the shapes and lines mean. It folds itself away where the window is low. */
export function PortLegend() {
  const { t } = useTranslation();
  const { isOpen, toggle } = useLegend();
  return (
    <section className={styles.legend} data-open={isOpen || undefined}>
      <h2>
        <button type="button" aria-expanded={isOpen} onClick={toggle}>
          {t('palette.legend')}
          <Icon name={isOpen ? 'chevron-down' : 'chevron-right'} size={12} />
        </button>
      </h2>
      {isOpen && (
        <div className={styles.body}>
          {groups.map((kinds) => (
            <ul key={kinds[0]}>
              {kinds.map((kind) => (
                <li key={kind}>
                  <PortShape kind={kind} size={12} />
                  {t(isBrief(kind) ? `nodes.kindBrief.${kind}` : `nodes.kind.${kind}`)}
                </li>
              ))}
            </ul>
          ))}
          <p className={styles.lines}>
            <span>
              <svg width="26" height="8" viewBox="0 0 26 8" aria-hidden="true">
                <path strokeWidth="2" d="M0 4H26" />
              </svg>
              {t('nodes.value')}
            </span>
            <span>
              <svg width="26" height="8" viewBox="0 0 26 8" aria-hidden="true">
                <path strokeWidth="1.4" d="M0 2.4H26M0 5.6H26" />
              </svg>
              {t('nodes.stream')}
            </span>
          </p>
        </div>
      )}
    </section>
  );
}
