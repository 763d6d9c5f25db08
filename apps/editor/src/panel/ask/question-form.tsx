import { ActionIcon, Button, FileButton, NumberInput, Switch, Textarea } from '@mantine/core';
import { type FormEvent, type KeyboardEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { uploadLooseFile } from '../../api/files.ts';
import { Icon } from '../../icons/icon.tsx';
import { reportError } from '../../shell/notices.ts';
import styles from './ask.module.css';
import type { AskInputs } from './ask-store.ts';
import { type FlowInput, parseInput } from './read-interface.ts';

type QuestionFormProps = {
  readonly inputs: readonly FlowInput[];
  readonly disabled: boolean;
  readonly isFirst: boolean;
  readonly isAnswering: boolean;
  readonly onSend: (values: AskInputs) => void;
  readonly onStop: () => void;
};

/**
 * Asks for the flow's inputs: the first text in one line that grows, all others as fields above it. Enter sends, never
 * while an input method composes; Shift+Enter breaks the line.
 */
export function QuestionForm({ inputs, disabled, isFirst, isAnswering, onSend, onStop }: QuestionFormProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const [files, setFiles] = useState<Readonly<Record<string, unknown>>>({});
  const [wasTried, setWasTried] = useState(false);
  const main = inputs.find(({ kind }) => kind === 'text') ?? null;
  const others = inputs.filter((input) => input !== main);
  const readValue = (input: FlowInput): unknown => {
    if (input.kind === 'file') return files[input.name];
    if (input.kind === 'boolean') return typed[input.name] === 'true';
    return parseInput(input.kind, typed[input.name] ?? '');
  };
  const missing = inputs.filter((input) => readValue(input) === undefined);
  const canSend = !disabled && inputs.length > 0 && !isAnswering;

  const send = (event?: FormEvent) => {
    event?.preventDefault();
    if (!canSend) return;
    setWasTried(true);
    if (missing.length > 0) return;
    onSend(Object.fromEntries(inputs.map((input) => [input.name, readValue(input)])));
    if (main !== null) setTyped((current) => ({ ...current, [main.name]: '' }));
    setWasTried(false);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Safari ends the composition before it tells of the key; only the old code 229 still says so.
    const isComposing = event.nativeEvent.isComposing || event.keyCode === 229;
    if (event.key === 'Enter' && !event.shiftKey && !isComposing) send(event);
  };
  const change = (name: string, value: string) => setTyped((current) => ({ ...current, [name]: value }));
  const example = main?.example ?? '';

  return (
    <form className={styles.compose} onSubmit={send}>
      {others.length > 0 && (
        <div className={styles.fields}>
          {others.map((input) => (
            <InputField
              key={input.name}
              input={input}
              typed={typed[input.name] ?? ''}
              file={files[input.name]}
              isMissing={wasTried && missing.includes(input)}
              onType={(value) => change(input.name, value)}
              onFile={(file) => setFiles((current) => ({ ...current, [input.name]: file }))}
            />
          ))}
        </div>
      )}
      <div className={styles.line}>
        {main !== null && (
          <textarea
            className={styles.field}
            aria-label={main.title}
            rows={1}
            value={typed[main.name] ?? ''}
            placeholder={isFirst ? t('ask.placeholder') : t('ask.followUp')}
            disabled={disabled}
            onChange={(event) => change(main.name, event.target.value)}
            onKeyDown={onKeyDown}
          />
        )}
        {main !== null && isFirst && example !== '' && (typed[main.name] ?? '') === '' && (
          <Button variant="subtle" size="compact-xs" onClick={() => change(main.name, example)}>
            {t('ask.example')}
          </Button>
        )}
        {isAnswering ? (
          <ActionIcon aria-label={t('ask.stop')} title={t('ask.stop')} onClick={onStop}>
            <span className={styles.stop} />
          </ActionIcon>
        ) : (
          <ActionIcon type="submit" aria-label={t('ask.send')} title={t('ask.send')} disabled={!canSend}>
            <Icon name="send" />
          </ActionIcon>
        )}
      </div>
    </form>
  );
}

type InputFieldProps = {
  readonly input: FlowInput;
  readonly typed: string;
  readonly file: unknown;
  readonly isMissing: boolean;
  readonly onType: (value: string) => void;
  readonly onFile: (file: unknown) => void;
};

/** A field for one input, by its kind. */
function InputField({ input, typed, file, isMissing, onType, onFile }: InputFieldProps) {
  const { t } = useTranslation();
  const id = useId();
  const { kind, title, example } = input;
  const isJson = kind === 'json' || kind === 'messages';
  const problem = isMissing ? (isJson && typed.trim() !== '' ? t('ask.invalidJson') : t('ask.required')) : false;
  const label = <label htmlFor={id}>{title}</label>;
  switch (kind) {
    case 'number':
      return (
        <div className={styles.input}>
          {label}
          <NumberInput
            id={id}
            value={typed}
            placeholder={example}
            error={problem}
            onChange={(value) => onType(String(value))}
          />
        </div>
      );
    case 'boolean':
      return (
        <div className={styles.input}>
          {label}
          <Switch
            id={id}
            size="xs"
            label={t('ask.yes')}
            checked={typed === 'true'}
            onChange={(event) => onType(String(event.currentTarget.checked))}
          />
        </div>
      );
    case 'file':
      return (
        <div className={styles.input}>
          {label}
          <FileButton
            onChange={(chosen) => {
              if (chosen !== null) void uploadLooseFile(chosen).then(onFile).catch(reportError);
            }}
          >
            {(props) => (
              <Button id={id} {...props}>
                {readFileName(file) ?? t('ask.fileHint')}
              </Button>
            )}
          </FileButton>
          {problem !== false && <small>{problem}</small>}
        </div>
      );
    default:
      return (
        <div className={styles.input}>
          {label}
          <Textarea
            id={id}
            rows={1}
            value={typed}
            placeholder={kind === 'messages' ? '[{ "role": "user", "content": "…" }]' : example}
            error={problem}
            onChange={(event) => onType(event.currentTarget.value)}
          />
        </div>
      );
  }
}

function readFileName(file: unknown): string | null {
  return typeof file === 'object' && file !== null && 'name' in file && typeof file.name === 'string'
    ? file.name
    : null;
}
