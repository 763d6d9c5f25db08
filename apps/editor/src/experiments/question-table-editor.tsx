import { Button, InputWrapper } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import styles from './experiments.module.css';
import { emptyQuestion, pasteCells, questionColumns, type TypedQuestion } from './question-table.ts';

type QuestionTableEditorProps = {
  readonly rows: readonly TypedQuestion[];
  readonly onChange: (rows: readonly TypedQuestion[]) => void;
};

/** Questions typed cell by cell, or pasted from a spreadsheet. */
export function QuestionTableEditor({ rows, onChange }: QuestionTableEditorProps) {
  const { t } = useTranslation();
  const change = (place: number, changes: Partial<TypedQuestion>) =>
    onChange(rows.map((row, at) => (at === place ? { ...row, ...changes } : row)));
  const label = (row: number, column: string) => t('experiments.set.cell', { row: row + 1, column });
  return (
    <InputWrapper label={t('experiments.set.table')} description={t('experiments.set.tableHint')}>
      <div className={styles.tableBox}>
        <table className={styles.questionTable}>
          <thead>
            <tr>
              {questionColumns.map((column) => (
                <th key={column} scope="col">
                  {t(`experiments.set.${column}`)}
                </th>
              ))}
              <th scope="col">{t('experiments.set.unanswerable')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows keep their places
              <tr key={place}>
                {questionColumns.map((column) => (
                  <td key={column}>
                    <input
                      aria-label={label(place, t(`experiments.set.${column}`))}
                      value={row[column]}
                      onChange={(event) => change(place, { [column]: event.currentTarget.value })}
                      onPaste={(event) => {
                        const pasted = pasteCells(rows, { row: place, column }, event.clipboardData.getData('text'));
                        if (pasted === null) return;
                        event.preventDefault();
                        onChange(pasted);
                      }}
                    />
                  </td>
                ))}
                <td className={styles.tick}>
                  <input
                    type="checkbox"
                    aria-label={label(place, t('experiments.set.unanswerable'))}
                    checked={row.unanswerable}
                    onChange={(event) => change(place, { unanswerable: event.currentTarget.checked })}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Button variant="subtle" onClick={() => onChange([...rows, emptyQuestion])}>
        {t('experiments.set.addRow')}
      </Button>
    </InputWrapper>
  );
}
