import type { JsonValue } from '@kumiki/flow';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { secretsQuery } from '../../api/secrets.ts';
import { SecretDialog } from '../../secrets/secret-dialog.tsx';
import { NameSelect } from './name-select.tsx';
import type { SettingControl } from './setting-control.ts';
import styles from './settings-form.module.css';

const addNew = '\nnew';
const none = '\nnone';

/** Chooses a secret by its name, or adds one. Its value lies encrypted on the server and never comes back. */
export function SecretControl({ id, value, onChange, onLeave, invalid }: SettingControl<'secret'>) {
  const { t } = useTranslation();
  const { data: secrets } = useQuery(secretsQuery);
  const [isAdding, setIsAdding] = useState(false);
  const chosen = readName(value);
  const names = secrets?.map(({ name }) => name) ?? [];
  const isGone = chosen !== '' && secrets !== undefined && !names.includes(chosen);
  const choose = (name: string | null) => {
    if (name === addNew) return setIsAdding(true);
    onChange(name === null || name === none ? undefined : { $secret: name });
    onLeave();
  };
  return (
    <NameSelect
      id={id}
      data={[
        ...(chosen === '' || names.includes(chosen) ? names : [chosen, ...names]),
        { value: addNew, label: t('inspector.secret.new') },
        ...(chosen === '' ? [] : [{ value: none, label: t('inspector.secret.none') }]),
      ]}
      value={chosen === '' ? null : chosen}
      placeholder={t('inspector.secret.choose')}
      names={names.length}
      nothingFoundMessage={t('inspector.secret.nothing')}
      invalid={invalid}
      gone={isGone ? t('inspector.secret.gone', { name: chosen }) : null}
      onChange={choose}
    >
      <Link className={styles.manage} to="/secrets">
        {t('inspector.secret.manage')}
      </Link>
      {isAdding && (
        <SecretDialog
          replaced={null}
          suggested={isGone ? chosen : ''}
          onClose={() => setIsAdding(false)}
          onSaved={choose}
        />
      )}
    </NameSelect>
  );
}

function readName(value: JsonValue | undefined): string {
  const name = typeof value === 'object' && value !== null && '$secret' in value ? value.$secret : '';
  return typeof name === 'string' ? name : '';
}
