import type { GraphNode, InputPortDescription, PortKind } from '@kumiki/flow';
import { useTranslation } from 'react-i18next';
import { useDerivedFlow, useRuns } from '../flow/flow-context.tsx';
import { formatCount } from '../i18n/format.ts';
import { useLocalised } from '../i18n/use-localised.ts';
import { PortShape } from '../icons/port-shape.tsx';
import { shownNodeRun } from '../run/run-store.ts';
import { useAppearance } from '../theme/appearance.ts';
import styles from './inspector.module.css';
import { DataSetFacts } from './samples/data-set-facts.tsx';
import { SampleView } from './samples/sample-view.tsx';
import { useKeptValue } from './use-kept-value.ts';
import { useQuestionWords } from './use-question-words.ts';

/** What reached the node at each of its inputs in the run that is shown. */
export function InputsSection({ node }: { readonly node: GraphNode }) {
  const { t } = useTranslation();
  return (
    <section className={styles.section} aria-labelledby={`${node.id}-inputs`}>
      <h3 id={`${node.id}-inputs`}>
        {t('inspector.input')}
        <small>{t('inspector.inputHint')}</small>
      </h3>
      <dl className={styles.inputs}>
        {Object.entries(node.ports.inputs).map(([port, input]) => (
          <Arrival key={port} node={node} port={port} input={input} />
        ))}
      </dl>
    </section>
  );
}

type ArrivalProps = { readonly node: GraphNode; readonly port: string; readonly input: InputPortDescription };

function Arrival({ node, port, input }: ArrivalProps) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const { graph } = useDerivedFlow();
  const wires = node.incoming.filter(({ to }) => to.port === port);
  const [first] = wires;
  const kind = first === undefined ? undefined : graph.nodes.get(first.from.node)?.ports.outputs[first.from.port]?.kind;
  return (
    <div>
      <dt>
        <PortShape kind={kind ?? input.kinds[0] ?? 'json'} size={12} hollow={first === undefined} />
        {localise(input.title)}
      </dt>
      <dd>
        {wires.length === 0 ? (
          <span className={styles.dim}>{t('inspector.notConnected')}</span>
        ) : (
          wires.map(({ from }) => <ArrivedValue key={`${from.node}.${from.port}`} from={from} kind={kind ?? 'json'} />)
        )}
      </dd>
    </div>
  );
}

type ArrivedValueProps = { readonly from: { readonly node: string; readonly port: string }; readonly kind: PortKind };

function ArrivedValue({ from, kind }: ArrivedValueProps) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const run = useRuns((state) => shownNodeRun(state, from.node));
  const kept = useKeptValue(from.node, from.port);
  const words = useQuestionWords();
  const sample = run?.sample[from.port];
  const items = sample ?? (kept === null ? undefined : [kept.value]);
  if (items === undefined) return <span className={styles.dim}>{t('inspector.nothingYet')}</span>;
  const counts = run?.counts[from.port];
  const total = Math.max(items.length, counts?.items ?? 0);
  if (kind === 'dataset') return <DataSetFacts items={items} />;
  const isList = ['passages', 'conversations', 'documents', 'chunks', 'vectors', 'messages'].includes(kind);
  if (!isList) return <SampleView kind={kind} items={items} total={1} first={1} words={words} />;
  return (
    <details className={styles.details}>
      <summary>
        {t('inspector.count', { number: formatCount(total, language) })}
        {counts?.documents != null &&
          ` · ${t('inspector.flow.documents', { number: formatCount(counts.documents, language) })}`}
      </summary>
      <SampleView kind={kind} items={items} total={total} first={3} words={words} />
    </details>
  );
}
