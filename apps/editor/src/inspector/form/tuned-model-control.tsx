import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { tunedModelsQuery } from '../../api/tuned-models.ts';
import { NameSelect } from './name-select.tsx';
import type { SettingControl } from './setting-control.ts';
import styles from './settings-form.module.css';

const none = '\nnone';

/** Chooses a tuned model by its name; those without one are nobody's to ask for. Each says what it was trained over. */
export function TunedModelControl({ id, value, onChange, onLeave, invalid }: SettingControl<'tuned-model'>) {
  const { t } = useTranslation();
  const { data } = useInfiniteQuery(tunedModelsQuery);
  const chosen = typeof value === 'string' ? value : '';
  const named = (data?.pages ?? []).flatMap((page) =>
    page.items.flatMap((model) => (model.name === null ? [] : [{ name: model.name, id: model.id, base: model.base }])),
  );
  // A flow may know it by its id just as well.
  const current = named.find((model) => model.name === chosen || model.id === chosen);
  const isGone = chosen !== '' && data?.pages.at(-1)?.next === null && current === undefined;
  const choose = (name: string | null) => {
    onChange(name === null || name === none ? undefined : name);
    onLeave();
  };
  return (
    <NameSelect
      id={id}
      data={[
        ...(chosen === '' || current?.name === chosen ? [] : [{ value: chosen, label: current?.name ?? chosen }]),
        ...named.map(({ name, base }) => ({
          value: name,
          label: t('inspector.tunedModel.option', { name, base: base.name }),
        })),
        { value: none, label: t('inspector.tunedModel.none') },
      ]}
      value={chosen === '' ? none : chosen}
      names={named.length}
      nothingFoundMessage={t('inspector.tunedModel.nothing')}
      invalid={invalid}
      gone={isGone ? t('inspector.tunedModel.gone', { name: chosen }) : null}
      onChange={choose}
    >
      <Link className={styles.manage} to="/tuned-models">
        {t('inspector.tunedModel.manage')}
      </Link>
    </NameSelect>
  );
}
