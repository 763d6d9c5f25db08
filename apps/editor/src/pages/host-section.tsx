import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Model, type ModelHost, useDeleteHost, useTestHost } from '../api/models.ts';
import { describeError } from '../api/problem.ts';
import { formatBytes, formatCount } from '../i18n/format.ts';
import { useLocalised } from '../i18n/use-localised.ts';
import { Icon } from '../icons/icon.tsx';
import { TurningArc } from '../icons/state-icon.tsx';
import { FetchModel } from '../models/fetch-model.tsx';
import { ModelState } from '../models/model-picker.tsx';
import type { ErrorReport } from '../run/run-state.ts';
import { useAppearance } from '../theme/appearance.ts';
import { ConfirmDialog } from './page-parts.tsx';
import styles from './pages.module.css';

type HostSectionProps = {
  readonly host: ModelHost;
  /** Null while they are being asked for. */
  readonly models: readonly Model[] | null;
  readonly unreachable: ErrorReport | null;
  readonly onChange: () => void;
};

/** One host and its models. */
export function HostSection({ host, models, unreachable, onChange }: HostSectionProps) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const test = useTestHost();
  const remove = useDeleteHost();
  const [isAsking, setIsAsking] = useState(false);
  const isOwn = host.origin === 'added';
  const name = host.kind === 'embedded' ? t('models.embedded') : host.name;
  return (
    <section className={styles.host} aria-label={name}>
      <header>
        <h2>{name}</h2>
        <span className={styles.dim}>
          {host.kind !== 'embedded' && `${t(`models.kind.${host.kind}`)} · ${t(`models.origin.${host.origin}`)}`}
        </span>
        {host.address !== null && <code className={styles.code}>{host.address}</code>}
        {host.hasKey && (
          <span className={styles.tag}>
            <Icon name="key" size={12} />
            {t('models.key')}
          </span>
        )}
        <span className={styles.grow} />
        {test.data !== undefined && (
          <span className={styles.tested} data-reachable={test.data.reachable || undefined} role="status">
            <Icon name={test.data.reachable ? 'check' : 'failed'} size={13} />
            {test.data.reachable
              ? t('models.reachable', { number: test.data.models })
              : test.data.error !== null && localise(test.data.error.message)}
          </span>
        )}
        {test.error !== null && <span className={styles.tested}>{localise(describeError(test.error))}</span>}
        {host.kind !== 'embedded' && (
          <Button size="compact-xs" loading={test.isPending} onClick={() => test.mutate(host.id)}>
            {t('models.test')}
          </Button>
        )}
        {isOwn && (
          <>
            <Button size="compact-xs" onClick={onChange}>
              {t('models.change')}
            </Button>
            <Button size="compact-xs" onClick={() => setIsAsking(true)}>
              {t('common.delete')}
            </Button>
          </>
        )}
      </header>
      {unreachable !== null && (
        <p className={styles.error}>
          <Icon name="failed" />
          {localise(unreachable.message)}
        </p>
      )}
      {models === null && (
        <p className={styles.loading}>
          <TurningArc />
          {t('common.loading')}
        </p>
      )}
      {models?.length === 0 && unreachable === null && (
        <p className={styles.dim}>
          {t('models.noModels')}
          {host.kind === 'ollama' && ` ${t('models.ollamaHint', { command: 'ollama pull gemma3' })}`}
        </p>
      )}
      {models !== null && models.length > 0 && <ModelTable models={models} />}
      {isAsking && (
        <ConfirmDialog
          title={t('models.removeHost', { name })}
          text={t('models.removeHostText')}
          action={t('common.delete')}
          onClose={() => setIsAsking(false)}
          onConfirm={() => remove.mutateAsync(host.id)}
        />
      )}
    </section>
  );
}

function ModelTable({ models }: { readonly models: readonly Model[] }) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const language = useAppearance((appearance) => appearance.language);
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th>{t('models.column.model')}</th>
          <th>{t('models.column.purpose')}</th>
          <th className={styles.figure}>{t('models.column.size')}</th>
          <th className={styles.figure}>{t('models.column.context')}</th>
          <th>{t('models.column.licence')}</th>
          <th>{t('models.column.state')}</th>
        </tr>
      </thead>
      <tbody>
        {models.map((model) => (
          <tr key={model.name}>
            <td className={styles.main}>
              {model.name}
              {model.quantisation !== null && <small>{model.quantisation}</small>}
              {model.digest === null && model.host !== 'embedded' && (
                <small title={t('models.unpinnedHint')}>{t('models.unpinned')}</small>
              )}
              {model.note !== null && <p className={styles.note}>{localise(model.note)}</p>}
            </td>
            <td className={styles.word}>
              {model.purposes.map((purpose) => t(`models.purpose.${purpose}`)).join(' · ')}
            </td>
            <td className={styles.figure}>{model.bytes === null ? '' : formatBytes(model.bytes, language)}</td>
            <td className={styles.figure}>
              {model.contextLength === null ? '' : formatCount(model.contextLength, language)}
            </td>
            <td className={styles.word}>{model.licence}</td>
            <td className={styles.fetch}>
              {model.state === 'ready' ? <ModelState model={model} /> : <FetchModel model={model} />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
