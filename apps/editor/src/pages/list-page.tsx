import { Button } from '@mantine/core';
import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { PageFrame } from '../shell/page-frame.tsx';
import { PageHead } from './page-parts.tsx';
import styles from './pages.module.css';
import { QueryError } from './query-error.tsx';

/** Its title; figures stand at the right. */
export type Column = string | { readonly figure: string };

type ListPageProps<Item> = {
  /** Above the title, where the list belongs to something else. */
  readonly back?: ReactNode;
  readonly title: ReactNode;
  readonly intro: ReactNode;
  /** Undefined while they are on their way. */
  readonly items: readonly Item[] | undefined;
  readonly error: Error | null;
  /** What makes a new one, beside the title once there are some. */
  readonly action?: ReactNode;
  /** Stands in the place of a list of none. */
  readonly empty: ReactNode;
  readonly columns: readonly Column[];
  /** A column without a title, for what can be done to a row. */
  readonly hasActions?: boolean;
  readonly keyOf: (item: Item) => string;
  /** A row of the table. */
  readonly renderItem: (item: Item) => ReactNode;
  /** Below the list: what shows more of it, and dialogs. */
  readonly children?: ReactNode;
};

/** A page that is a table of things of one kind. */
export function ListPage<Item>(props: ListPageProps<Item>) {
  const { back, title, intro, items, error, action, empty, columns, hasActions = true, keyOf, renderItem } = props;
  const isFilled = items !== undefined && items.length > 0;
  return (
    <PageFrame>
      <div className={styles.page}>
        {back}
        <PageHead title={title} intro={intro}>
          {isFilled && action}
        </PageHead>
        {error !== null && <QueryError error={error} />}
        {items?.length === 0 && empty}
        {isFilled && (
          <table className={styles.table}>
            <TableHead columns={columns} hasActions={hasActions} />
            <tbody>
              {items.map((item) => (
                <Fragment key={keyOf(item)}>{renderItem(item)}</Fragment>
              ))}
            </tbody>
          </table>
        )}
        {props.children}
      </div>
    </PageFrame>
  );
}

/** What can be done to a row stands below a title that only readers hear. */
export function TableHead({ columns, hasActions }: Required<Pick<ListPageProps<never>, 'columns' | 'hasActions'>>) {
  const { t } = useTranslation();
  return (
    <thead>
      <tr>
        {columns.map((column) =>
          typeof column === 'string' ? (
            <th key={column}>{column}</th>
          ) : (
            <th key={column.figure} className={styles.figure}>
              {column.figure}
            </th>
          ),
        )}
        {hasActions && (
          <th>
            <span className={styles.hidden}>{t('pages.actions')}</span>
          </th>
        )}
      </tr>
    </thead>
  );
}

type PagedQuery = {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => Promise<unknown>;
};

/** Shows the next page of a list below those that are there. */
export function MoreButton({ query }: { readonly query: PagedQuery }) {
  const { t } = useTranslation();
  if (!query.hasNextPage) return null;
  return (
    <Button className={styles.more ?? ''} loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
      {t('pages.more')}
    </Button>
  );
}
