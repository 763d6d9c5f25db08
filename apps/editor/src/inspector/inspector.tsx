import { useTranslation } from 'react-i18next';
import { CitedDocumentDrawer } from '../documents/cited-document-drawer.tsx';
import { useFlow } from '../flow/flow-context.tsx';
import { FlowSummary } from './flow-summary.tsx';
import styles from './inspector.module.css';
import { NodeInspector } from './node-inspector.tsx';

/** What is selected: its settings, what came in and what came out. Nothing selected: the flow as a whole. */
export function Inspector() {
  const selected = useFlow((state) => state.selected);
  const nodes = useFlow((state) => state.document.nodes);
  const [first, ...others] = [...selected].filter((id) => id in nodes);
  return (
    <>
      {first === undefined ? (
        <FlowSummary />
      ) : others.length > 0 ? (
        <SeveralSelected number={selected.size} />
      ) : (
        <NodeInspector key={first} id={first} />
      )}
      <CitedDocumentDrawer />
    </>
  );
}

function SeveralSelected({ number }: { readonly number: number }) {
  const { t } = useTranslation();
  return (
    <div className={styles.plain}>
      <h2>{t('inspector.several.title', { number })}</h2>
      <p>{t('inspector.several.text')}</p>
    </div>
  );
}
