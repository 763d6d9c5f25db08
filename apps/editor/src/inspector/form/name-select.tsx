import { Select, type SelectProps } from '@mantine/core';
import type { ReactNode } from 'react';
import styles from './settings-form.module.css';

/** From so many names on, typing finds one sooner than scrolling. */
const fewNames = 8;

type NameSelectProps = Pick<
  SelectProps,
  'id' | 'data' | 'value' | 'placeholder' | 'nothingFoundMessage' | 'onChange'
> & {
  /** How many names there are to choose from. */
  readonly names: number;
  readonly invalid: boolean;
  /** Says that what is chosen is not there; null where it is. */
  readonly gone: string | null;
  /** The way to the page where they are managed. */
  readonly children: ReactNode;
};

/** Chooses one of the things that have a page of their own, by its name. */
export function NameSelect({ names, invalid, gone, children, ...select }: NameSelectProps) {
  return (
    <div className={styles.secret}>
      <Select
        {...select}
        searchable={names > fewNames}
        allowDeselect={false}
        error={invalid || gone !== null}
        comboboxProps={{ shadow: 'md' }}
      />
      {gone !== null && <p className={styles.problem}>{gone}</p>}
      {children}
    </div>
  );
}
