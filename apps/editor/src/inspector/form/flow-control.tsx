import { findItemInput, type NamedFlow, readFlowUse } from '@kumiki/flow';
import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useAllFlows, versionsQuery } from '../../api/flows.ts';
import { useFlow } from '../../flow/flow-context.tsx';
import type { SettingControl } from './setting-control.ts';
import styles from './settings-form.module.css';

/** Which flow, which of its versions, and which of its outputs and inputs: each by its own list. */
export function FlowControl(control: SettingControl<'flow'>) {
  switch (control.field.part) {
    case 'flow':
      return <ChooseFlow {...control} />;
    case 'version':
      return <ChooseVersion {...control} />;
    case 'output':
    case 'item':
      return <ChooseName {...control} />;
  }
}

/** Another flow comes with its newest version, and without what was chosen of the one before. */
function ChooseFlow({ id, field, value, onChangeSeveral, invalid }: SettingControl<'flow'>) {
  const { t } = useTranslation();
  const own = useFlow((state) => state.id);
  const flows = (useAllFlows() ?? []).filter((flow) => flow.id !== own);
  const { flow, version, output, item } = field.settings;
  return (
    <Select
      id={id}
      className={styles.wide ?? ''}
      data={flows.map(({ id: flowId, name, latestVersion }) => ({
        value: flowId,
        label: latestVersion === null ? t('inspector.namedFlow.withoutVersion', { name }) : name,
        disabled: latestVersion === null,
      }))}
      value={typeof value === 'string' && value !== '' ? value : null}
      placeholder={t('inspector.namedFlow.choose')}
      nothingFoundMessage={t('inspector.namedFlow.nothing')}
      searchable={flows.length > 8}
      allowDeselect={false}
      error={invalid}
      comboboxProps={{ shadow: 'md' }}
      onChange={(chosen) => {
        const newest = flows.find((candidate) => candidate.id === chosen)?.latestVersion;
        if (chosen === null || chosen === value) return;
        onChangeSeveral({
          [flow]: chosen,
          [version]: newest ?? undefined,
          [output]: undefined,
          ...(item !== null && { [item]: undefined }),
        });
      }}
    />
  );
}

function ChooseVersion({ id, field, value, settings, onChange, invalid }: SettingControl<'flow'>) {
  const { t } = useTranslation();
  const flow = settings[field.settings.flow];
  const named = typeof flow === 'string' ? flow : '';
  const { data } = useQuery({ ...versionsQuery(named), ...(named === '' && { enabled: false }) });
  const newest = (data?.items ?? []).map(({ number }) => String(number));
  const chosen = typeof value === 'number' ? String(value) : null;
  // Only the newest page is listed; the one that is chosen may be older.
  const numbers = chosen === null || newest.includes(chosen) ? newest : [...newest, chosen];
  return (
    <Select
      id={id}
      className={styles.wide ?? ''}
      data={numbers.map((number) => ({ value: number, label: t('inspector.namedFlow.version', { number }) }))}
      value={chosen}
      disabled={named === ''}
      allowDeselect={false}
      error={invalid}
      comboboxProps={{ shadow: 'md' }}
      onChange={(entered) => entered !== null && onChange(Number(entered))}
    />
  );
}

/** The outputs of the version, or its inputs; what is set already stays a choice until another is made. */
function ChooseName({ id, field, value, settings, onChange, invalid }: SettingControl<'flow'>) {
  const named = useNamedFlow(field.node, settings);
  const names = named === null ? [] : listNames(named, field.part);
  const only = named === null ? null : findItemInput({ item: null }, named);
  const fallback = field.part === 'item' ? only : typeof field.fallback === 'string' ? field.fallback : null;
  const chosen = typeof value === 'string' && value !== '' ? value : fallback;
  const data = chosen === null || names.includes(chosen) ? names : [...names, chosen];
  return (
    <Select
      id={id}
      className={styles.wide ?? ''}
      data={[...data]}
      value={chosen}
      disabled={named === null}
      allowDeselect={false}
      error={invalid}
      comboboxProps={{ shadow: 'md' }}
      onChange={(entered) => entered !== null && onChange(entered)}
    />
  );
}

function listNames({ inputs, outputs }: NamedFlow, part: 'flow' | 'version' | 'output' | 'item'): readonly string[] {
  return part === 'item' ? inputs.map(({ name }) => name) : [...outputs.keys()];
}

/** The flow that these settings name; null where they name none yet, or it is not there. */
function useNamedFlow(type: string, settings: SettingControl<'flow'>['settings']): NamedFlow | null {
  const description = useFlow((state) => state.nodeTypes.get(type));
  const flows = useFlow((state) => state.namedFlows);
  const use = description === undefined ? null : readFlowUse({ settings: { ...settings } }, description);
  const found = use === null ? null : flows.find(use.reference);
  return typeof found === 'string' ? null : found;
}
