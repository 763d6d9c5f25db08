import type { JsonValue, LocalisedText, NodeTypeDescription, Problem } from '@kumiki/flow';
import { ActionIcon } from '@mantine/core';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocalised } from '../../i18n/use-localised.ts';
import { Icon } from '../../icons/icon.tsx';
import { useInspectorFocus } from '../inspector-focus.ts';
import { CollectionControl } from './collection-control.tsx';
import { FieldLabel } from './field-label.tsx';
import { FlowControl } from './flow-control.tsx';
import { ListControl } from './list-control.tsx';
import { ModelControl } from './model-control.tsx';
import {
  ChoiceControl,
  JsonControl,
  LongTextControl,
  NumberControl,
  SliderControl,
  SwitchControl,
  TextControl,
} from './plain-controls.tsx';
import { type Field, readFields } from './read-fields.ts';
import { SecretControl } from './secret-control.tsx';
import type { CommonControl } from './setting-control.ts';
import styles from './settings-form.module.css';
import { TemplateControl } from './template-control.tsx';
import { TunedModelControl } from './tuned-model-control.tsx';

type SettingsFormProps = {
  readonly node: string;
  readonly description: NodeTypeDescription;
  readonly settings: Readonly<Record<string, JsonValue>>;
  readonly problems: readonly Problem[];
  readonly onChange: (changes: Readonly<Record<string, JsonValue | undefined>>) => void;
  readonly onLeave: () => void;
};

/** The settings of a node as a form, made from its type's schema. Rare ones are folded away, unless one has a problem. */
export function SettingsForm({ node, description, settings, problems, onChange, onLeave }: SettingsFormProps) {
  const { t } = useTranslation();
  const fields = readFields(description);
  const advanced = fields.filter((field) => field.advanced);
  const isUsed = advanced.some(
    ({ name }) => settings[name] !== undefined || findProblem(problems, node, name) !== null,
  );
  const [unfolded, setUnfolded] = useState(isUsed);
  const focused = useInspectorFocus((state) => state.wanted);
  const isOpen = unfolded || advanced.some(({ name }) => focused?.node === node && focused.setting === name);
  const row = (field: Field) => (
    <SettingRow
      key={field.name}
      field={field}
      node={node}
      settings={settings}
      problem={findProblem(problems, node, field.name)}
      onChange={onChange}
      onLeave={onLeave}
    />
  );
  if (fields.length === 0) return <p className={styles.nothing}>{t('inspector.noSettings')}</p>;
  return (
    <div className={styles.form}>
      {fields.filter((field) => !field.advanced).map(row)}
      {advanced.length > 0 && (
        <button type="button" className={styles.fold} aria-expanded={isOpen} onClick={() => setUnfolded(!isOpen)}>
          <Icon name={isOpen ? 'chevron-down' : 'chevron-right'} size={12} />
          {t('inspector.advanced', { number: advanced.length })}
        </button>
      )}
      {isOpen && advanced.map(row)}
    </div>
  );
}

type SettingRowProps = Pick<SettingsFormProps, 'node' | 'settings' | 'onChange' | 'onLeave'> & {
  readonly field: Field;
  readonly problem: LocalisedText | null;
};

/** Label left, control right; controls that need the room stand below their label. */
function SettingRow({ field, node, settings, problem, onChange, onLeave }: SettingRowProps) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const id = useId();
  const row = useRef<HTMLDivElement>(null);
  const wanted = useInspectorFocus((state) => state.wanted);
  useEffect(() => {
    if (wanted?.node !== node || wanted.setting !== field.name) return;
    row.current?.scrollIntoView({ block: 'nearest' });
    row.current?.querySelector<HTMLElement>('input, textarea, button, [role="slider"]')?.focus();
  }, [wanted, node, field.name]);

  const value = settings[field.name];
  const canReset = value !== undefined && field.fallback !== undefined && !isUnlikeDefault(field);
  const problemId = `${id}-problem`;
  const common = {
    id,
    value,
    settings,
    onChange: (next: JsonValue | undefined) => onChange({ [field.name]: next }),
    onChangeSeveral: onChange,
    onLeave,
    invalid: problem !== null,
  };
  return (
    <div ref={row} className={styles.row} data-stacked={isStacked(field) || undefined} data-setting={field.name}>
      <div className={styles.label}>
        <FieldLabel id={id} field={field} problemId={problem === null ? null : problemId} />
        {canReset && (
          <ActionIcon
            className={styles.reset ?? ''}
            size={18}
            aria-label={t('inspector.reset', { setting: localise(field.title) })}
            title={t('inspector.resetHint', { value: formatFallback(field) })}
            onClick={() => onChange({ [field.name]: undefined })}
          >
            <Icon name="undo" size={11} />
          </ActionIcon>
        )}
      </div>
      <div className={styles.control}>{renderControl(field, common)}</div>
      {problem !== null && (
        <p id={problemId} className={styles.problem} role="alert">
          {localise(problem)}
        </p>
      )}
    </div>
  );
}

function renderControl(field: Field, common: CommonControl): ReactNode {
  switch (field.control) {
    case 'text':
      return <TextControl field={field} {...common} />;
    case 'long-text':
      return <LongTextControl field={field} {...common} />;
    case 'template':
      return <TemplateControl field={field} {...common} />;
    case 'switch':
      return <SwitchControl field={field} {...common} />;
    case 'choice':
      return <ChoiceControl field={field} {...common} />;
    case 'number':
      return <NumberControl field={field} {...common} />;
    case 'slider':
      return <SliderControl field={field} {...common} />;
    case 'collection':
      return <CollectionControl field={field} {...common} />;
    case 'model':
      return <ModelControl field={field} {...common} />;
    case 'flow':
      return <FlowControl field={field} {...common} />;
    case 'secret':
      return <SecretControl field={field} {...common} />;
    case 'tuned-model':
      return <TunedModelControl field={field} {...common} />;
    case 'list':
      return <ListControl field={field} {...common} renderControl={renderControl} />;
    case 'json':
      return <JsonControl field={field} {...common} />;
  }
}

function isStacked({ control }: Field): boolean {
  return ['long-text', 'template', 'json', 'collection', 'model', 'list'].includes(control);
}

/** A choice of what there is, or a text that was written: nobody wants their default back by one click. */
function isUnlikeDefault({ control }: Field): boolean {
  return ['template', 'long-text', 'collection', 'model', 'list', 'flow'].includes(control);
}

function formatFallback(field: Field): string {
  if (field.fallback === '') return '""';
  return typeof field.fallback === 'string' ? field.fallback : JSON.stringify(field.fallback);
}

/** The first problem of a setting or of something inside of it. */
function findProblem(problems: readonly Problem[], node: string, setting: string): LocalisedText | null {
  const path = `/nodes/${node}/settings/${setting}`;
  return problems.find((problem) => problem.path === path || problem.path.startsWith(`${path}/`))?.message ?? null;
}
