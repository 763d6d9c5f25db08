import { Button, InputWrapper, Select, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { collectionsQuery } from '../api/collections.ts';
import { emptyFact, factColumns, type TypedFact, type TypedProbe } from './experiment-draft.ts';
import styles from './experiments.module.css';

type ProbeFieldsProps = {
  readonly probe: TypedProbe;
  readonly onChange: (changes: Partial<TypedProbe>) => void;
};

/** Facts that no document tells yet, with a question on each: how soon is it answered? Left empty, that is not measured. */
export function ProbeFields({ probe: { collection, facts, retrain }, onChange }: ProbeFieldsProps) {
  const { t } = useTranslation();
  const { data: collections } = useQuery(collectionsQuery);
  const change = (place: number, changes: Partial<TypedFact>) =>
    onChange({ facts: facts.map((fact, at) => (at === place ? { ...fact, ...changes } : fact)) });
  return (
    <>
      <Select
        label={t('experiments.create.probeCollection')}
        description={t('experiments.create.probeCollectionHint')}
        placeholder={t('experiments.create.probeNone')}
        data={(collections ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        value={collection}
        clearable
        comboboxProps={{ shadow: 'md' }}
        onChange={(chosen) => onChange({ collection: chosen })}
      />
      {collection !== null && (
        <>
          <InputWrapper label={t('experiments.create.facts')} description={t('experiments.create.factsHint')}>
            <table className={styles.questionTable}>
              <thead>
                <tr>
                  {factColumns.map((column) => (
                    <th key={column} scope="col">
                      {t(`experiments.create.fact.${column}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {facts.map((fact, place) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: rows keep their places
                  <tr key={place}>
                    {factColumns.map((column) => (
                      <td key={column}>
                        <input
                          aria-label={t('experiments.set.cell', {
                            row: place + 1,
                            column: t(`experiments.create.fact.${column}`),
                          })}
                          value={fact[column]}
                          onChange={(event) => change(place, { [column]: event.currentTarget.value })}
                        />
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
            <Button variant="subtle" onClick={() => onChange({ facts: [...facts, emptyFact] })}>
              {t('experiments.set.addRow')}
            </Button>
          </InputWrapper>
          <Switch
            size="xs"
            label={t('experiments.create.retrain')}
            description={t('experiments.create.retrainHint')}
            checked={retrain}
            onChange={(event) => onChange({ retrain: event.currentTarget.checked })}
          />
        </>
      )}
    </>
  );
}
