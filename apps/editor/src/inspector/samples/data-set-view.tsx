import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatBytes, formatCount } from '../../i18n/format.ts';
import { useLocalised } from '../../i18n/use-localised.ts';
import { useAppearance } from '../../theme/appearance.ts';
import type { KeptValue } from '../use-kept-value.ts';
import { AllExamples } from './all-examples.tsx';
import styles from './data-sets.module.css';
import { ExampleList } from './example-list.tsx';
import { type DataSetSample, dataSetSchema } from './read-sample.ts';

const shownExamples = 3;

type DataSetViewProps = {
  readonly dataSet: DataSetSample;
  /** What the newest build keeps in its place. */
  readonly kept: KeptValue | null;
};

/** A data set: how many examples for what, what was found on the way, and the first of them. */
export function DataSetView({ dataSet: sample, kept }: DataSetViewProps) {
  const { t } = useTranslation();
  // A sample is cut; of what was built all is known.
  const built = dataSetSchema.safeParse(kept?.value).data;
  const fingerprint = kept !== null && built?.sha256 === sample.sha256 ? kept.fingerprint : null;
  const dataSet = built !== undefined && fingerprint !== null ? built : sample;
  const { examples, report, preview } = dataSet;
  const all = examples.train + examples.evaluation;
  const [isOpen, setIsOpen] = useState(false);
  return (
    <div className={styles.dataSet}>
      <Counts dataSet={dataSet} />
      {report.length > 0 && <Findings report={report} />}
      <ExampleList examples={preview.slice(0, shownExamples)} />
      {fingerprint !== null && all > Math.min(shownExamples, preview.length) && (
        <Button onClick={() => setIsOpen(true)}>{t('dataSets.showAll')}</Button>
      )}
      {isOpen && fingerprint !== null && (
        <AllExamples fingerprint={fingerprint} total={all} onClose={() => setIsOpen(false)} />
      )}
    </div>
  );
}

function Counts({ dataSet: { examples, bytes } }: { readonly dataSet: DataSetSample }) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const all = Math.max(1, examples.train + examples.evaluation);
  return (
    <div className={styles.counts}>
      <p>
        {(['train', 'evaluation'] as const).map((split) => (
          <span key={split} data-split={split}>
            {t(`dataSets.split.${split}`)}
            <b>{t('inspector.count', { number: formatCount(examples[split], language) })}</b>
          </span>
        ))}
        <small>{formatBytes(bytes, language)}</small>
      </p>
      <div className={styles.share} aria-hidden="true">
        <i style={{ width: `${(examples.train / all) * 100}%` }} />
      </div>
    </div>
  );
}

/** What was left out, merged, masked or moved, each with the first places where. */
function Findings({ report }: { readonly report: DataSetSample['report'] }) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const language = useAppearance((appearance) => appearance.language);
  return (
    <section className={styles.findings} aria-label={t('dataSets.report')}>
      <h4>{t('dataSets.report')}</h4>
      <ul>
        {report.map(({ code, message, count, places }) => (
          <li key={`${code} ${message.en}`}>
            {places.length === 0 ? (
              <p className={styles.finding}>
                <span>{localise(message)}</span>
                <b>{t('inspector.count', { number: formatCount(count, language) })}</b>
              </p>
            ) : (
              <details>
                <summary className={styles.finding}>
                  <span>{localise(message)}</span>
                  <b>{t('inspector.count', { number: formatCount(count, language) })}</b>
                </summary>
                <ol className={styles.places}>
                  {places.map(({ document, line, detail }, place) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: places of one finding never change places
                    <li key={place}>
                      <small>{nameDocument(document)}</small>
                      {line !== null && <small>{t('dataSets.line', { line: formatCount(line, language) })}</small>}
                      {detail !== '' && <q>{detail}</q>}
                    </li>
                  ))}
                </ol>
                {places.length < count && (
                  <p className={styles.rest}>
                    {t('dataSets.firstPlaces', { number: formatCount(places.length, language) })}
                  </p>
                )}
              </details>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Ids of documents carry the loader's path in the flow, which says nothing to a reader here. */
function nameDocument(id: string): string {
  return id.slice(id.indexOf('/') + 1);
}
