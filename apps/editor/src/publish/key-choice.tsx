import { Button, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCreateKey } from '../api/endpoints.ts';
import { describeError } from '../api/problem.ts';
import { useLocalised } from '../i18n/use-localised.ts';
import { Icon } from '../icons/icon.tsx';
import { CopyBox } from '../pages/copy-box.tsx';
import styles from './publish.module.css';

type KeyChoiceProps = { readonly slug: string; readonly onKey: (value: string | null) => void };

/** The key that calls use: a new one, which may call this endpoint alone, or one that is at hand already. */
export function KeyChoice({ slug, onKey }: KeyChoiceProps) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const create = useCreateKey();
  const [way, setWay] = useState<'new' | 'own'>('new');
  const value = create.data?.key;
  return (
    <section className={styles.key}>
      <div className={styles.examplesHead}>
        <h3>{t('publish.key')}</h3>
        <SegmentedControl
          aria-label={t('publish.key')}
          data={[
            { value: 'new', label: t('publish.newKey') },
            { value: 'own', label: t('publish.ownKey') },
          ]}
          value={way}
          onChange={(chosen) => {
            setWay(chosen === 'own' ? 'own' : 'new');
            onKey(chosen === 'own' ? null : (value ?? null));
          }}
        />
      </div>
      {way === 'new' &&
        (value === undefined ? (
          <Button
            leftSection={<Icon name="key" />}
            loading={create.isPending}
            onClick={() =>
              create.mutate(
                { name: t('publish.keyName', { slug }), scopes: ['v1'], endpoints: [slug] },
                { onSuccess: ({ key }) => onKey(key) },
              )
            }
          >
            {t('publish.createKey')}
          </Button>
        ) : (
          <>
            <CopyBox text={value} label={t('publish.key')} />
            <p className={styles.notice}>{t('publish.keyOnce')}</p>
          </>
        ))}
      {create.error !== null && (
        <p className={styles.error} role="alert">
          {localise(describeError(create.error))}
        </p>
      )}
    </section>
  );
}
