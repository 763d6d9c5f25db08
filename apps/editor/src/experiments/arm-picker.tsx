import { type FlowDocument, readGraph } from '@kumiki/flow';
import { Checkbox, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { buildsQuery, useAllFlows, versionQuery } from '../api/flows.ts';
import { nodeTypesQuery } from '../api/node-types.ts';
import { formatTime } from '../i18n/format.ts';
import { readInterface } from '../panel/ask/read-interface.ts';
import { useAppearance } from '../theme/appearance.ts';
import { type ChosenArm, isSameArm } from './experiment-draft.ts';
import styles from './experiments.module.css';

type ArmPickerProps = {
  /** The flow whose arms are offered first. */
  readonly flow: string | null;
  readonly arms: readonly ChosenArm[];
  readonly onChange: (arms: readonly ChosenArm[]) => void;
};

/** Offers the outputs of a build as arms. What was chosen of other builds stays chosen. */
export function ArmPicker({ flow: firstFlow, arms, onChange }: ArmPickerProps) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const flows = useAllFlows();
  const [chosenFlow, setFlow] = useState(firstFlow);
  const [buildNumber, setBuild] = useState<number | null>(null);
  const flow = chosenFlow ?? (flows?.length === 1 ? (flows[0]?.id ?? null) : null);
  const { data: builds } = useQuery({ ...buildsQuery(flow ?? ''), ...(flow === null && { enabled: false }) });
  const build = builds?.items.find(({ number }) => number === buildNumber) ?? builds?.items[0];
  const isUnbuilt = flow !== null && builds?.items.length === 0;
  return (
    <div className={styles.picker}>
      <div className={styles.pair}>
        <Select
          label={t('experiments.create.flow')}
          placeholder={t('experiments.create.chooseFlow')}
          data={flows?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
          value={flow}
          searchable={(flows?.length ?? 0) > 8}
          allowDeselect={false}
          comboboxProps={{ shadow: 'md' }}
          onChange={(next) => {
            setFlow(next);
            setBuild(null);
          }}
        />
        <Select
          label={t('experiments.create.build')}
          data={(builds?.items ?? []).map(({ number, version, createdAt }) => ({
            value: String(number),
            label: t('experiments.create.buildOption', { number, version, time: formatTime(createdAt, language) }),
          }))}
          value={build === undefined ? null : String(build.number)}
          disabled={build === undefined}
          allowDeselect={false}
          comboboxProps={{ shadow: 'md' }}
          onChange={(number) => setBuild(number === null ? null : Number(number))}
        />
      </div>
      {isUnbuilt && (
        <p className={styles.notice}>
          {t('experiments.create.noBuild')}{' '}
          <Link to="/flows/$flowId" params={{ flowId: flow }}>
            {t('experiments.create.openFlow')}
          </Link>
        </p>
      )}
      {flow !== null && build !== undefined && (
        <OutputChoice flow={flow} version={build.version} build={build.number} arms={arms} onChange={onChange} />
      )}
    </div>
  );
}

type OutputChoiceProps = Omit<ArmPickerProps, 'flow'> & {
  readonly flow: string;
  readonly version: number;
  readonly build: number;
};

function OutputChoice({ flow, version, build, arms, onChange }: OutputChoiceProps) {
  const { t } = useTranslation();
  const { data } = useQuery(versionQuery(flow, version));
  const { data: types } = useQuery(nodeTypesQuery);
  if (data === undefined || types === undefined) return null;
  const { arms: outputs, inputs } = readInterface(readGraph(data.document, types));
  const offered = outputs.map(({ node, name }): ChosenArm => {
    const title = readTitle(data.document, node);
    const texts = inputs.filter(({ kind }) => kind === 'text').map((input) => input.name);
    return { flow, version, build, output: name, name: title ?? name, flowName: data.document.name, inputs: texts };
  });
  if (offered.length === 0) return <p className={styles.hint}>{t('experiments.create.noOutputs')}</p>;
  return (
    <Checkbox.Group
      label={t('experiments.create.outputs')}
      value={offered.filter((one) => arms.some((arm) => isSameArm(arm, one))).map(({ output }) => output)}
      onChange={(chosen) => {
        const kept = arms.filter((arm) => !offered.some((one) => isSameArm(arm, one) && !chosen.includes(one.output)));
        const added = offered.filter((one) => chosen.includes(one.output) && !arms.some((arm) => isSameArm(arm, one)));
        onChange([...kept, ...added]);
      }}
    >
      <div className={styles.checks}>
        {offered.map(({ output, name }) => (
          <Checkbox
            key={output}
            size="xs"
            value={output}
            label={name === output ? output : t('experiments.create.outputOption', { name, output })}
          />
        ))}
      </div>
    </Checkbox.Group>
  );
}

function readTitle({ nodes }: FlowDocument, node: string): string | null {
  return nodes[node]?.title ?? null;
}
