import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyBox } from '../pages/copy-box.tsx';
import type { FlowInput } from '../panel/ask/read-interface.ts';
import styles from './publish.module.css';
import { type CallStyle, callStyles, canChat, writeCall } from './write-call.ts';

type CallExamplesProps = {
  readonly slug: string;
  readonly inputs: readonly FlowInput[];
  /** Null: a variable of the shell stands in its place. */
  readonly keyValue: string | null;
};

/** How an endpoint is called, ready to be copied, with this server's real address. */
export function CallExamples({ slug, inputs, keyValue }: CallExamplesProps) {
  const { t } = useTranslation();
  const [style, setStyle] = useState<CallStyle>('plain');
  const offered = callStyles.filter((candidate) => candidate !== 'chat' || canChat(inputs));
  const call = writeCall(style, {
    origin: location.origin,
    slug,
    inputs,
    key: keyValue ?? '$KUMIKI_KEY',
    sampleQuestion: t('publish.sampleQuestion'),
  });
  return (
    <div className={styles.examples}>
      <div className={styles.examplesHead}>
        <h3>{t('publish.tryIt')}</h3>
        <SegmentedControl
          aria-label={t('publish.tryIt')}
          data={offered.map((value) => ({ value, label: t(`publish.${value}`) }))}
          value={style}
          onChange={(value) => setStyle(offered.find((candidate) => candidate === value) ?? 'plain')}
        />
        <a href={`/v1/endpoints/${slug}/openapi.json`} target="_blank" rel="noreferrer">
          {t('publish.openapi')}
        </a>
      </div>
      <CopyBox multiline text={call} label={t('publish.tryIt')} />
    </div>
  );
}
