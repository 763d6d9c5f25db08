import type { SettingText } from '@kumiki/flow';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { nodeTypesQuery } from '../api/node-types.ts';
import { runQuery } from '../api/runs.ts';
import type { TunedModel } from '../api/tuned-models.ts';
import { formatBytes, formatCount, formatDuration, formatLoss, formatSmall } from '../i18n/format.ts';
import { useLocalised } from '../i18n/use-localised.ts';
import { useAppearance } from '../theme/appearance.ts';
import styles from './model-card.module.css';
import { nameTunedModel, shortenDigest } from './tuned-models-page.tsx';

type Row = { readonly title: string; readonly values: readonly (string | null)[]; readonly hint?: string };
type ModelCardProps = { readonly models: readonly TunedModel[] };

/** What is known of a tuned model; of two, side by side, with what is not the same marked. */
export function ModelCard({ models }: ModelCardProps) {
  const { t } = useTranslation();
  const groups = [
    { title: t('tunedModels.card.data'), rows: useDataRows(models) },
    { title: t('tunedModels.card.training'), rows: useTrainingRows(models) },
    { title: t('tunedModels.card.settings'), rows: useSettingRows(models) },
  ];
  return (
    <>
      <table className={styles.card} aria-label={t('tunedModels.card.title')}>
        {models.length > 1 && (
          <thead>
            <tr>
              <td />
              {models.map((model) => (
                <th key={model.id} scope="col">
                  {nameTunedModel(model)}
                </th>
              ))}
            </tr>
          </thead>
        )}
        {groups.map(
          ({ title, rows }) =>
            rows.some(({ values }) => values.some((value) => value !== null)) && (
              <tbody key={title}>
                <tr className={styles.group}>
                  <th scope="rowgroup" colSpan={models.length + 1}>
                    {title}
                  </th>
                </tr>
                {rows.map((row) => (
                  <CardRow key={row.title} row={row} models={models} />
                ))}
              </tbody>
            ),
        )}
      </table>
      {models.map((model) => (
        <CardTexts key={model.id} model={model} isOneOfSeveral={models.length > 1} />
      ))}
    </>
  );
}

function CardRow({ row: { title, values, hint }, models }: { readonly row: Row } & ModelCardProps) {
  const { t } = useTranslation();
  if (values.every((value) => value === null)) return null;
  const differs = new Set(values).size > 1;
  return (
    <tr data-differs={differs || undefined}>
      <th scope="row" title={hint}>
        {title}
      </th>
      {models.map(({ id }, place) => (
        <td key={id}>{values[place] ?? <span>{t('tunedModels.card.unknown')}</span>}</td>
      ))}
    </tr>
  );
}

function useDataRows(models: readonly TunedModel[]): readonly Row[] {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const row = (title: string, read: (model: TunedModel) => string | null): Row => ({
    title,
    values: models.map(read),
  });
  return [
    row(t('tunedModels.card.base'), ({ base }) => base.name),
    row(t('tunedModels.card.digest'), ({ card }) => shortenDigest(card.base.digest)),
    row(t('tunedModels.card.licence'), ({ card }) => card.base.licence),
    row(
      t('tunedModels.card.dataset'),
      ({ card: { dataset } }) =>
        dataset &&
        t('tunedModels.card.datasetFacts', {
          train: formatCount(dataset.examples.train, language),
          evaluation: formatCount(dataset.examples.evaluation, language),
        }),
    ),
    row(t('tunedModels.card.datasetDigest'), ({ card: { dataset } }) => dataset && shortenDigest(dataset.sha256)),
    row(t('tunedModels.card.adapter'), ({ digest }) => shortenDigest(digest)),
  ];
}

function useTrainingRows(models: readonly TunedModel[]): readonly Row[] {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  type Training = NonNullable<TunedModel['card']['training']>;
  const row = (title: string, read: (training: Training) => string | null): Row => ({
    title,
    values: models.map(({ card: { training } }) => training && read(training)),
  });
  return [
    row(
      t('tunedModels.card.loss'),
      ({ evaluationLoss }) =>
        evaluationLoss &&
        t('tunedModels.card.lossFacts', {
          before: formatLoss(evaluationLoss.before, language),
          best: formatLoss(evaluationLoss.best, language),
        }),
    ),
    row(t('tunedModels.card.steps'), ({ steps }) => formatCount(steps, language)),
    row(t('tunedModels.card.stopped'), ({ stopped }) => t(`tunedModels.card.stoppedHow.${stopped}`)),
    row(t('tunedModels.card.duration'), ({ seconds }) => formatDuration(seconds * 1_000, language)),
    row(t('tunedModels.card.rows'), ({ rows }) =>
      t('tunedModels.card.datasetFacts', {
        train: formatCount(rows.train, language),
        evaluation: formatCount(rows.evaluation, language),
      }),
    ),
    row(t('tunedModels.card.tokens'), ({ tokens }) =>
      t('tunedModels.card.tokensFacts', {
        train: formatCount(tokens.train, language),
        trained: formatCount(tokens.trained, language),
      }),
    ),
    row(t('tunedModels.card.hardware'), ({ hardware, device }) => `${hardware} · ${device.toUpperCase()}`),
    row(t('tunedModels.card.precision'), ({ precision }) => precision),
    row(t('tunedModels.card.peakMemory'), ({ peakMemory }) =>
      peakMemory === null ? null : formatBytes(peakMemory, language),
    ),
  ];
}

/** Named as the node names them. */
function useSettingRows(models: readonly TunedModel[]): readonly Row[] {
  const localise = useLocalised();
  const language = useAppearance((appearance) => appearance.language);
  const texts = useQuery(nodeTypesQuery).data?.get('finetune/lora')?.settingTexts ?? {};
  const known = models.flatMap(({ card }) => (card.settings === null ? [] : [card.settings]));
  const names = [...new Set(known.flatMap((settings) => Object.keys(settings)))];
  return names.map((name) => {
    const text: SettingText | undefined = texts[name];
    const values = models.map(({ card: { settings } }) => {
      const value = settings === null ? undefined : new Map(Object.entries(settings)).get(name);
      if (value === undefined) return null;
      if (typeof value === 'number') {
        return Number.isInteger(value) ? formatCount(value, language) : formatSmall(value, language);
      }
      const option = text?.options?.[value];
      return option === undefined ? value : localise(option);
    });
    return {
      title: text === undefined ? name : localise(text.title),
      values,
      ...(text?.description && { hint: localise(text.description) }),
    };
  });
}

/** The prompt that it wants to be asked with, and where it was trained. */
function CardTexts({ model, isOneOfSeveral }: { readonly model: TunedModel; readonly isOneOfSeveral: boolean }) {
  const { t } = useTranslation();
  const { prompt } = model.card;
  return (
    <>
      {isOneOfSeveral && (prompt !== null || model.run !== null) && (
        <h2 className={styles.whose}>{nameTunedModel(model)}</h2>
      )}
      {model.origin === 'uploaded' && <p className={styles.note}>{t('tunedModels.card.uploaded')}</p>}
      {prompt !== null && (
        <section className={styles.prompt}>
          <h3>
            {t('tunedModels.card.prompt')}
            <small>{t('tunedModels.card.promptHint')}</small>
          </h3>
          {prompt.system !== '' && (
            <>
              <h4>{t('dataSets.role.system')}</h4>
              <pre>{prompt.system}</pre>
            </>
          )}
          <h4>{t('dataSets.role.user')}</h4>
          <pre>{prompt.template}</pre>
        </section>
      )}
      {model.run !== null && <TrainedBy run={model.run} />}
    </>
  );
}

/** The record of the run may be gone by now, and the flow with it. */
function TrainedBy({ run }: { readonly run: string }) {
  const { t } = useTranslation();
  const { data } = useQuery(runQuery(run));
  if (data === undefined) return null;
  return (
    <p className={styles.note}>
      {t('tunedModels.card.flow')}{' '}
      <Link to="/flows/$flowId" params={{ flowId: data.flow }}>
        {t('tunedModels.card.openFlow')}
      </Link>
    </p>
  );
}
