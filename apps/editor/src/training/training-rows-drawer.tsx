import { Button, Switch } from '@mantine/core';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/problem.ts';
import { type TrainingRow, trainingRowsQuery } from '../api/training.ts';
import { DocumentDrawer } from '../documents/document-drawer.tsx';
import { useDerivedFlow, useFlow, useOpenFlow } from '../flow/flow-context.tsx';
import { formatCount } from '../i18n/format.ts';
import { useLocalised } from '../i18n/use-localised.ts';
import { useRunFrom } from '../inspector/use-run-from.ts';
import { MoreButton } from '../pages/list-page.tsx';
import { QueryError } from '../pages/query-error.tsx';
import { reportError } from '../shell/notices.ts';
import { useAppearance } from '../theme/appearance.ts';
import { LearntTokens } from './learnt-tokens.tsx';
import styles from './training-rows.module.css';

type LearntRow = Extract<TrainingRow, { state: 'learnt' }>;
type LeftOutRow = Extract<TrainingRow, { state: 'left-out' }>;

type TrainingRowsDrawerProps = { readonly node: string; readonly onClose: () => void };

/** The rows of a fine-tune node as its model reads them, a page at a time; apart, those that it does not learn. */
export function TrainingRowsDrawer({ node, onClose }: TrainingRowsDrawerProps) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const flow = useFlow((state) => state.id);
  const name = useNodeName(node);
  const [isLeftOutOnly, setIsLeftOutOnly] = useState(false);
  const query = useInfiniteQuery(trainingRowsQuery(flow, node, isLeftOutOnly ? 'left-out' : undefined));
  const pages = query.data?.pages ?? [];
  const [first] = pages;
  const rows = pages.flatMap((page) => page.items);
  const read = pages.reduce((sum, page) => sum + page.read, 0);
  return (
    <DocumentDrawer title={t('training.preview.drawer', { node: name })} onClose={onClose}>
      <Switch
        className={styles.filter ?? ''}
        label={t('training.preview.onlyLeftOut')}
        checked={isLeftOutOnly}
        onChange={(event) => setIsLeftOutOnly(event.currentTarget.checked)}
      />
      {query.error !== null && <Refusal error={query.error} onRetry={() => void query.refetch()} />}
      {query.isFetching && !query.isFetchingNextPage && (
        <p className={styles.wait} role="status">
          {t('training.preview.reading')}
        </p>
      )}
      {first !== undefined && (
        <>
          <p className={styles.legend}>
            {t('training.preview.legend')}
            <small>
              {t('training.preview.facts', { model: first.model, length: formatCount(first.maximumLength, language) })}
            </small>
          </p>
          <LeftOut rows={rows.filter((row) => row.state === 'left-out')} all={read} />
          <ol className={styles.rows}>{rows.map((row) => row.state === 'learnt' && <Row key={row.id} row={row} />)}</ol>
          {rows.length === 0 && (
            <p className={styles.wait}>
              {isLeftOutOnly
                ? t('training.preview.noneLeftOut', { all: formatCount(read, language) })
                : t('training.preview.none')}
            </p>
          )}
        </>
      )}
      <MoreButton query={query} />
    </DocumentDrawer>
  );
}

function Row({ row: { id, line, split, sequences } }: { readonly row: LearntRow }) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const tokens = sequences.flatMap((sequence) => sequence.tokens);
  return (
    <li>
      <h4>
        <b>{t('dataSets.line', { line: formatCount(line, language) })}</b>
        <span title={id}>{id}</span>
        <small>
          {t('training.preview.tokens', {
            all: formatCount(tokens.length, language),
            trained: formatCount(tokens.filter(({ trained }) => trained).length, language),
          })}
        </small>
        <small data-split={split}>{t(`dataSets.split.${split}`)}</small>
      </h4>
      {sequences.map((sequence, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: sequences of a row never change places
        <div key={place}>
          {sequences.length > 1 && (
            <p className={styles.wait}>
              {t('training.preview.sequence', { number: place + 1, all: sequences.length })}
            </p>
          )}
          <LearntTokens tokens={sequence.tokens} />
        </div>
      ))}
    </li>
  );
}

function LeftOut({ rows, all }: { readonly rows: readonly LeftOutRow[]; readonly all: number }) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  if (rows.length === 0) return null;
  const title = t('training.preview.leftOut', {
    number: formatCount(rows.length, language),
    all: formatCount(all, language),
  });
  return (
    <section className={styles.leftOut} aria-label={title}>
      <h4>{title}</h4>
      <ul>
        {rows.map(({ id, line, reason }) => (
          <li key={id}>
            <b>{t('dataSets.line', { line: formatCount(line, language) })}</b>
            <span title={id}>{id}</span>
            {t(`training.leftOut.reason.${reason}`)}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Why there is nothing to see, and the ways on: a data set can be made without training. */
function Refusal({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  const { t } = useTranslation();
  const { document } = useOpenFlow().flow.getState();
  const missing = error instanceof ApiError && error.code === 'not-built' ? error.node : null;
  const runFrom = useRunFrom();
  const run = useMutation({ mutationFn: runFrom, onError: reportError });
  const name = useNodeName(missing ?? '');
  return (
    <div className={styles.refusal}>
      <QueryError error={error} />
      {run.isSuccess && <p role="status">{t('training.preview.running')}</p>}
      {missing !== null && document.nodes[missing] !== undefined && !run.isSuccess && (
        <Button loading={run.isPending} onClick={() => run.mutate(missing)}>
          {t('training.preview.runNode', { node: name })}
        </Button>
      )}
      <Button variant="default" onClick={onRetry}>
        {t('common.retry')}
      </Button>
    </div>
  );
}

function useNodeName(id: string): string {
  const localise = useLocalised();
  const title = useFlow((state) => state.document.nodes[id]?.title);
  const description = useDerivedFlow().graph.nodes.get(id)?.description;
  return title || (description === undefined ? id : localise(description.title));
}
