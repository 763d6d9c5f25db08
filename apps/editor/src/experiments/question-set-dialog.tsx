import { Button, FileButton, InputWrapper, NumberInput, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { collectionsQuery } from '../api/collections.ts';
import { endpointsQuery } from '../api/endpoints.ts';
import { type QuestionSet, type QuestionSource, useCreateQuestionSet } from '../api/question-sets.ts';
import { FormActions } from '../pages/form-actions.tsx';
import pageStyles from '../pages/pages.module.css';
import { Dialog } from '../shell/dialog.tsx';
import styles from './experiments.module.css';
import { emptyQuestion, readTypedQuestions, type TypedQuestion } from './question-table.ts';
import { QuestionTableEditor } from './question-table-editor.tsx';

type QuestionSetDialogProps = {
  readonly onClose: () => void;
  readonly onCreated: (set: QuestionSet) => void;
};

const kinds = ['upload', 'rows', 'conversations', 'feedback'] as const;
type Kind = (typeof kinds)[number];

/** Reads questions from a file, a table, conversations or rated answers, and freezes them. */
export function QuestionSetDialog({ onClose, onCreated }: QuestionSetDialogProps) {
  const { t } = useTranslation();
  const create = useCreateQuestionSet();
  const { data: collections } = useQuery(collectionsQuery);
  const { data: endpoints } = useQuery(endpointsQuery);
  const [name, setName] = useState('');
  const [kind, setKind] = useState<Kind>('upload');
  const [file, setFile] = useState<File | null>(null);
  const [rows, setRows] = useState<readonly TypedQuestion[]>([emptyQuestion, emptyQuestion, emptyQuestion]);
  const [collection, setCollection] = useState<string | null>(null);
  const [endpoint, setEndpoint] = useState<string | null>(null);
  const [lowestScore, setLowestScore] = useState<number | string>(0.7);

  const chooseFile = (chosen: File | null) => {
    setFile(chosen);
    if (chosen !== null && name === '') setName(chosen.name.replace(/\.[^.]+$/, '').slice(0, 120));
  };
  const source = readSource({ kind, file, rows, collection, endpoint, lowestScore });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (source === null || name.trim() === '') return;
    create.mutate({ name: name.trim(), source }, { onSuccess: onCreated });
  };
  return (
    <Dialog
      onClose={onClose}
      title={t('experiments.set.title')}
      size={kind === 'rows' ? 860 : 520}
      closesByClick={!create.isPending && kind !== 'rows'}
    >
      <form onSubmit={submit} className={pageStyles.form}>
        <SegmentedControl
          aria-label={t('experiments.set.source')}
          fullWidth
          data={kinds.map((value) => ({ value, label: t(`experiments.set.kind.${value}`) }))}
          value={kind}
          onChange={(value) => setKind(kinds.find((known) => known === value) ?? 'upload')}
        />
        {kind === 'upload' && (
          <InputWrapper label={t('experiments.set.file')} description={t('experiments.set.fileHint')}>
            <div className={styles.chosenFile}>
              <FileButton accept=".jsonl,.csv,.tsv,.xlsx" onChange={chooseFile}>
                {(props) => <Button {...props}>{t('experiments.set.chooseFile')}</Button>}
              </FileButton>
              {file?.name}
            </div>
          </InputWrapper>
        )}
        {kind === 'rows' && <QuestionTableEditor rows={rows} onChange={setRows} />}
        {kind === 'conversations' && (
          <Select
            label={t('experiments.set.collection')}
            description={t('experiments.set.collectionHint')}
            data={(collections ?? []).map(({ id, name: label }) => ({ value: id, label }))}
            value={collection}
            allowDeselect={false}
            onChange={setCollection}
          />
        )}
        {kind === 'feedback' && (
          <>
            <Select
              label={t('experiments.set.endpoint')}
              description={t('experiments.set.endpointHint')}
              data={(endpoints ?? []).map(({ slug }) => slug)}
              value={endpoint}
              allowDeselect={false}
              onChange={setEndpoint}
            />
            <NumberInput
              label={t('experiments.set.lowestScore')}
              value={lowestScore}
              min={0}
              max={1}
              step={0.1}
              clampBehavior="strict"
              onChange={setLowestScore}
            />
          </>
        )}
        <TextInput
          label={t('experiments.set.name')}
          placeholder={t('experiments.set.nameExample')}
          value={name}
          maxLength={120}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <FormActions
          submit={create.isPending ? t('experiments.set.creating') : t('experiments.set.create')}
          isWorking={create.isPending}
          isDisabled={source === null || name.trim() === ''}
          error={create.error}
          onClose={onClose}
        />
      </form>
    </Dialog>
  );
}

function readSource(typed: {
  readonly kind: Kind;
  readonly file: File | null;
  readonly rows: readonly TypedQuestion[];
  readonly collection: string | null;
  readonly endpoint: string | null;
  readonly lowestScore: number | string;
}): QuestionSource | null {
  const { kind, file, collection, endpoint, lowestScore } = typed;
  switch (kind) {
    case 'upload':
      return file === null ? null : { kind, file };
    case 'rows': {
      const rows = readTypedQuestions(typed.rows);
      return rows.length === 0 ? null : { kind, rows };
    }
    case 'conversations':
      return collection === null ? null : { kind, collection };
    case 'feedback':
      return endpoint === null ? null : { kind, endpoint, lowestScore: Number(lowestScore) };
  }
}
