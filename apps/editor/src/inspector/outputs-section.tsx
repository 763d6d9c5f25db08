import type { GraphNode } from '@kumiki/flow';
import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRuns } from '../flow/flow-context.tsx';
import { formatCount } from '../i18n/format.ts';
import { useLocalised } from '../i18n/use-localised.ts';
import type { NodeRun } from '../run/run-state.ts';
import { shownRun } from '../run/run-store.ts';
import { useAppearance } from '../theme/appearance.ts';
import { ArmAnswer } from './arm-answer.tsx';
import styles from './inspector.module.css';
import { RunTroubles } from './run-troubles.tsx';
import { LongText } from './samples/long-text.tsx';
import { SampleView } from './samples/sample-view.tsx';
import { useKeptValue } from './use-kept-value.ts';
import { useQuestionWords } from './use-question-words.ts';

type OutputsSectionProps = { readonly node: GraphNode; readonly run: NodeRun | null };

/** What the node put out, by kind or as JSON, and what went wrong on the way. */
export function OutputsSection({ node, run }: OutputsSectionProps) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const language = useAppearance((appearance) => appearance.language);
  const words = useQuestionWords();
  const cited = useCitedNumbers();
  const [asJson, setAsJson] = useState(false);
  const ports = Object.entries(node.ports.outputs);
  const [chosen, setChosen] = useState<string | null>(null);
  const withSample = ports.filter(([port]) => (run?.sample[port]?.length ?? 0) > 0);
  const [port, output] = ports.find(([name]) => name === chosen) ?? withSample[0] ?? ports[0] ?? [null, null];
  const kept = useKeptValue(node.id, port ?? '');
  const sample = port === null ? undefined : run?.sample[port];
  // Where no run tells of it, what was built last is still there.
  const items = sample ?? (kept === null ? undefined : [kept.value]);
  const counts = port === null ? undefined : run?.counts[port];
  const total = Math.max(items?.length ?? 0, counts?.items ?? 0);
  const streamed = Object.values(run?.text ?? {}).join('');
  const isPassages = output?.kind === 'passages';
  return (
    <section className={`${styles.section} ${styles.output}`} aria-labelledby={`${node.id}-output`}>
      <div className={styles.outputHead}>
        <h3 id={`${node.id}-output`}>
          {t('inspector.output')}
          {total > 1 && <small>{t('inspector.count', { number: formatCount(total, language) })}</small>}
          {isPassages && cited.size > 0 && <small>{t('inspector.cited', { number: cited.size })}</small>}
        </h3>
        {withSample.length > 1 && (
          <SegmentedControl
            className={styles.segments ?? ''}
            aria-label={t('inspector.output')}
            data={withSample.map(([name, { title }]) => ({ value: name, label: localise(title) }))}
            value={port ?? ''}
            onChange={setChosen}
          />
        )}
        {output !== null && items !== undefined && items.length > 0 && (
          <SegmentedControl
            className={styles.segments ?? ''}
            aria-label={t('inspector.view')}
            data={[
              { value: 'kind', label: t(`nodes.kind.${output.kind}`) },
              { value: 'json', label: t('inspector.viewJson') },
            ]}
            value={asJson ? 'json' : 'kind'}
            onChange={(value) => setAsJson(value === 'json')}
          />
        )}
      </div>
      {run !== null && <RunTroubles run={run} />}
      {node.description.family === 'output' ? (
        <ArmAnswer node={node} />
      ) : items !== undefined && output !== null ? (
        <SampleView
          key={port}
          kind={output.kind}
          items={items}
          total={total}
          first={isPassages ? 6 : 5}
          words={words}
          cited={cited}
          kept={kept}
          asJson={asJson}
        />
      ) : streamed !== '' ? (
        <LongText text={streamed} />
      ) : (
        run?.error == null && <p className={styles.dim}>{t('inspector.noOutput')}</p>
      )}
    </section>
  );
}

/** Numbers that the answers of the shown question cite. */
function useCitedNumbers(): ReadonlySet<number> {
  const outputs = useRuns((state) => shownRun(state, 'question')?.outputs);
  const numbers = Object.values(outputs ?? {}).flatMap((output) =>
    output?.state === 'answered'
      ? output.citations.flatMap((citation) => (citation === null ? [] : [citation.number]))
      : [],
  );
  return new Set(numbers);
}
