import { Combobox, InputBase, useCombobox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { type Model, type ModelPurpose, modelHostsQuery, modelsQuery } from '../api/models.ts';
import { formatBytes } from '../i18n/format.ts';
import { useLocalised } from '../i18n/use-localised.ts';
import { Icon } from '../icons/icon.tsx';
import { TurningArc } from '../icons/state-icon.tsx';
import { useAppearance } from '../theme/appearance.ts';
import { FetchModel } from './fetch-model.tsx';
import { modelFetches } from './model-fetches.ts';
import styles from './model-picker.module.css';

export type ModelChoice = { readonly host: string; readonly model: string };

type ModelPickerProps = {
  readonly id: string;
  readonly purpose: ModelPurpose;
  readonly chosen: ModelChoice | null;
  readonly onChoose: (choice: ModelChoice) => void;
  readonly invalid: boolean;
};

/** Models of all hosts that serve the purpose, by host. Choosing one sets the host as well. */
export function ModelPicker({ id, purpose, chosen, onChoose, invalid }: ModelPickerProps) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const models = useQuery(modelsQuery);
  const hosts = useQuery(modelHostsQuery);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const groups = groupByHost(models.data?.items ?? [], purpose);
  const nameHost = (host: string) =>
    host === 'embedded' ? t('models.embedded') : (hosts.data?.find((known) => known.id === host)?.name ?? host);
  const current = models.data?.items.find(({ host, name }) => host === chosen?.host && name === chosen.model);
  return (
    <div className={styles.picker}>
      <Combobox
        store={combobox}
        shadow="md"
        onOptionSubmit={(value) => {
          const choice = parseChoice(value);
          if (choice !== null) onChoose(choice);
          combobox.closeDropdown();
        }}
      >
        <Combobox.Target>
          <InputBase
            id={id}
            component="button"
            type="button"
            pointer
            error={invalid}
            rightSection={<Icon name="chevron-down" size={12} />}
            rightSectionPointerEvents="none"
            onClick={() => combobox.toggleDropdown()}
          >
            {chosen === null ? (
              <span className={styles.placeholder}>{t('models.choose')}</span>
            ) : (
              <span className={styles.chosen}>
                <b>{chosen.model}</b>
                <span>{nameHost(chosen.host)}</span>
              </span>
            )}
          </InputBase>
        </Combobox.Target>
        <Combobox.Dropdown className={styles.dropdown ?? ''}>
          <Combobox.Options className={styles.options ?? ''}>
            {models.isPending && (
              <Combobox.Empty className={styles.loading ?? ''}>
                <TurningArc /> {t('common.loading')}
              </Combobox.Empty>
            )}
            {groups.map(([host, items]) => (
              <Combobox.Group key={host} label={nameHost(host)}>
                {items.map((model) => (
                  <Combobox.Option
                    key={model.name}
                    value={formatChoice(model)}
                    active={model === current}
                    className={styles.option ?? ''}
                  >
                    <span className={styles.name}>
                      <b>{model.name}</b>
                      <ModelState model={model} />
                    </span>
                    <ModelFacts model={model} />
                  </Combobox.Option>
                ))}
              </Combobox.Group>
            ))}
            {models.isSuccess && groups.length === 0 && <Combobox.Empty>{t('models.noneFor')}</Combobox.Empty>}
          </Combobox.Options>
          {models.data?.unreachable.map(({ host, error }) => (
            <Combobox.Footer key={host} className={styles.unreachable ?? ''}>
              <Icon name="warning" size={13} />
              <span>
                <b>{nameHost(host)}</b> {error === null ? '' : localise(error.message)}
              </span>
            </Combobox.Footer>
          ))}
          <Combobox.Footer className={styles.manage ?? ''}>
            <Link to="/models">{t('models.manage')}</Link>
          </Combobox.Footer>
        </Combobox.Dropdown>
      </Combobox>
      <ChosenState chosen={chosen} model={current} isKnown={models.isSuccess} />
    </div>
  );
}

/** What still has to be done before the chosen model can be used. */
function ChosenState({
  chosen,
  model,
  isKnown,
}: {
  readonly chosen: ModelChoice | null;
  readonly model: Model | undefined;
  readonly isKnown: boolean;
}) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const unreachable = useQuery(modelsQuery).data?.unreachable.find(({ host }) => host === chosen?.host);
  if (chosen === null || !isKnown) return null;
  if (unreachable !== undefined) {
    return (
      <p className={styles.trouble}>
        {unreachable.error === null ? t('models.unreachable') : localise(unreachable.error.message)}
      </p>
    );
  }
  if (model === undefined) return <p className={styles.trouble}>{t('models.gone', { model: chosen.model })}</p>;
  return (
    <>
      <ModelFacts model={model} />
      {model.state !== 'ready' && <FetchModel model={model} />}
      {model.note !== null && <p className={styles.note}>{localise(model.note)}</p>}
    </>
  );
}

export function ModelState({ model }: { readonly model: Model }) {
  const { t } = useTranslation();
  const fetch = useStore(modelFetches, (state) => state.fetches[model.name]);
  const state = fetch?.phase === 'fetching' ? 'fetching' : model.state;
  return (
    <span className={styles.state} data-state={state}>
      {state === 'ready' && <Icon name="check" size={12} />}
      {state === 'fetching' && <TurningArc size={12} />}
      {t(`models.state.${state}`)}
    </span>
  );
}

/** Size, quantisation, length of context or vectors, licence: what there is of them. */
export function ModelFacts({ model }: { readonly model: Model }) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const facts = [
    model.bytes === null ? null : formatBytes(model.bytes, language),
    model.quantisation,
    model.dimensions === null ? null : t('models.dimensions', { dimensions: model.dimensions }),
    model.licence,
  ].filter((fact) => fact !== null);
  return <span className={styles.facts}>{facts.join(' · ')}</span>;
}

export function groupByHost(
  models: readonly Model[],
  purpose: ModelPurpose,
): readonly (readonly [host: string, models: readonly Model[]])[] {
  const fitting = models.filter(({ purposes }) => purposes.includes(purpose));
  const groups = Map.groupBy(fitting, ({ host }) => host);
  return [...groups].map(([host, items]) => [
    host,
    [...items].sort((a, b) => Number(b.state === 'ready') - Number(a.state === 'ready')),
  ]);
}

/** An option's value has to be one text; no host id has a line break in it. */
function formatChoice({ host, name }: Model): string {
  return `${host}\n${name}`;
}

function parseChoice(value: string): ModelChoice | null {
  const [host, model] = value.split('\n');
  return host === undefined || model === undefined ? null : { host, model };
}
