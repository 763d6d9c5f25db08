import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ArmFacts, ExperimentReport, ReportArm } from '../../api/experiments.ts';
import { formatBytes, formatCount, formatDuration } from '../../i18n/format.ts';
import { useLocalised } from '../../i18n/use-localised.ts';
import { useAppearance } from '../../theme/appearance.ts';
import type { TableRow } from './comparison-table.tsx';
import { Measured, NotMeasured, Score } from './figures.tsx';
import { formatMoney } from './format-figures.ts';
import { chooseEstimate, findMain, findSummary, readCurrency } from './read-report.ts';

function useFormats(report: ExperimentReport) {
  const language = useAppearance((appearance) => appearance.language);
  const currency = readCurrency(report);
  const money = (value: number | null | undefined) =>
    value == null ? null : <small>{formatMoney(value, currency, language)}</small>;
  return {
    language,
    money,
    seconds: (value: number) => <b>{formatDuration(value * 1_000, language)}</b>,
    bytes: (value: number) => <b>{formatBytes(value, language)}</b>,
    count: (value: number) => formatCount(Math.round(value), language),
    decimal: (value: number) => new Intl.NumberFormat(language, { maximumSignificantDigits: 3 }).format(value),
  };
}

function findFacts({ facts }: ExperimentReport, arm: ReportArm): ArmFacts | undefined {
  return facts.find((one) => one.arm === arm.key);
}

function findCost({ costs }: ExperimentReport, arm: ReportArm) {
  return costs.find((one) => one.arm === arm.key);
}

/** Adds up what is known of all; null where one is not known. */
function addUp(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>((sum, value) => (sum === null || value === null ? null : sum + value), 0);
}

const joulesPerKilowattHour = 3.6e6;

/** Of all trainings, with the text that says of what; null where one of them tells nothing. */
function addUpEnergy(trained: ReportArm['trained']) {
  const processors = addUp(trained.map(({ energy }) => energy?.processorJoules ?? null));
  const devices = addUp(trained.map(({ energy }) => energy?.deviceJoules ?? null));
  if (processors !== null && devices !== null) return { text: 'energy', joules: processors + devices } as const;
  if (processors !== null) return { text: 'energyOfProcessors', joules: processors } as const;
  // A training on the processor takes no GPU, which tells nothing of what it took.
  return devices === null || devices === 0 ? null : ({ text: 'energyOfDevices', joules: devices } as const);
}

export function useTrainingRows(report: ExperimentReport): readonly TableRow[] {
  const { t } = useTranslation();
  const { seconds, count, decimal } = useFormats(report);
  return [
    {
      title: t('report.table.trainingTime'),
      hint: t('report.table.trainingTimeHint'),
      cell: (arm) => {
        if (arm.trained.length === 0) return t('report.table.notNeeded');
        const steps = addUp(arm.trained.map((model) => model.steps));
        const energy = addUpEnergy(arm.trained);
        return (
          <>
            <Measured value={addUp(arm.trained.map((model) => model.seconds))} format={seconds} />
            <small>
              {[
                ...(steps === null ? [] : [t('report.table.steps', { steps: count(steps) })]),
                ...(energy === null
                  ? []
                  : [t(`report.table.${energy.text}`, { energy: decimal(energy.joules / joulesPerKilowattHour) })]),
              ].join(' · ')}
            </small>
          </>
        );
      },
    },
  ];
}

export function useNewInformationRows(report: ExperimentReport): readonly TableRow[] {
  const { t } = useTranslation();
  const { seconds } = useFormats(report);
  type Measurement = Extract<NonNullable<ArmFacts['newFacts']>, { kind: 'measured' }>;
  const row = (title: string, show: (facts: Measurement) => ReactNode): TableRow => ({
    title,
    cell: (arm) => {
      const newFacts = findFacts(report, arm)?.newFacts ?? null;
      if (newFacts === null) return <NotMeasured />;
      return newFacts.kind === 'no-way-in' ? t('report.table.noWayIn') : show(newFacts);
    },
  });
  return [
    row(t('report.table.untilKnown'), (facts) => (
      <>
        {seconds(facts.seconds)}
        {facts.retrains && <small>{t('report.table.retraining')}</small>}
      </>
    )),
    row(t('report.table.known'), ({ known, asked }) => <b>{t('report.table.knownValue', { known, asked })}</b>),
  ];
}

export function useResourceRows(report: ExperimentReport): readonly TableRow[] {
  const { t } = useTranslation();
  const { seconds, bytes, count, money } = useFormats(report);
  const hasMonthly = report.costs.some(({ monthly }) => monthly !== null);
  return [
    {
      title: t('report.table.preparation'),
      hint: t('report.table.preparationHint'),
      cell: (arm) => (
        <>
          <Measured
            value={findFacts(report, arm)?.preparation?.seconds}
            format={(value) => (value === 0 ? t('report.table.notNeeded') : seconds(value))}
          />
          {money(findCost(report, arm)?.preparation)}
        </>
      ),
    },
    { title: t('report.table.memory'), cell: ({ peakMemory }) => <Measured value={peakMemory} format={bytes} /> },
    { title: t('report.table.disk'), cell: ({ diskBytes }) => <Measured value={diskBytes} format={bytes} /> },
    {
      title: t('report.table.perThousand'),
      hint: t('report.table.perThousandHint'),
      cell: (arm) => {
        const work = findFacts(report, arm)?.perThousandAnswers;
        // Where a GPU works, it is what costs.
        const [unit, value] = (work?.gpuSeconds ?? 0) > 0 ? ['GPU', work?.gpuSeconds] : ['CPU', work?.cpuSeconds];
        return (
          <>
            <Measured value={value} format={seconds} />
            {value != null && <small>{unit}</small>}
            {money(findCost(report, arm)?.perThousandAnswers)}
          </>
        );
      },
    },
    ...(hasMonthly
      ? [
          {
            title: t('report.table.monthly'),
            cell: (arm: ReportArm) => money(findCost(report, arm)?.monthly) ?? <NotMeasured />,
          },
        ]
      : []),
    {
      title: t('report.table.tokens'),
      hint: t('report.table.tokensHint'),
      cell: ({ tokens }) => (
        <>
          <Measured value={tokens.in} format={count} /> · <Measured value={tokens.out} format={count} />
        </>
      ),
    },
  ];
}

/** The main metric, over all questions and by topic. */
export function useFitRows(report: ExperimentReport): { readonly hint: string; readonly rows: readonly TableRow[] } {
  const { t } = useTranslation();
  const localise = useLocalised();
  const { count } = useFormats(report);
  const main = findMain(report);
  if (main === null) return { hint: '', rows: [] };
  const { metric, compared } = main;
  const sized = (rows: number | undefined) =>
    rows !== undefined && { hint: t('report.table.rows', { rows: count(rows) }) };
  return {
    hint: localise(metric.title),
    rows: [
      {
        title: t('report.table.allQuestions'),
        ...sized(compared.arms.map(chooseEstimate).find((estimate) => estimate !== null)?.rows),
        cell: (arm) => {
          const summary = findSummary(compared, arm.key);
          const reasons = summary?.leftOut.map(({ reason }) => reason) ?? [];
          return <Score estimate={chooseEstimate(summary)} reasons={reasons} metric={metric} kind={arm.kind} />;
        },
      },
      ...compared.topics.map(
        ({ topic, arms }): TableRow => ({
          title: topic,
          ...sized(arms.find(({ estimate }) => estimate !== null)?.estimate?.rows),
          cell: (arm) => (
            <Score
              estimate={arms.find((one) => one.arm === arm.key)?.estimate ?? null}
              reasons={[]}
              metric={metric}
              kind={arm.kind}
            />
          ),
        }),
      ),
    ],
  };
}

export function useSpeedRows(report: ExperimentReport): readonly TableRow[] {
  const { t } = useTranslation();
  const { language, decimal } = useFormats(report);
  type Name = keyof ReportArm['speed'];
  const row = (title: string, name: Name, format: (value: number) => string): TableRow => ({
    title,
    cell: ({ speed }) => {
      const quantiles = speed[name];
      if (quantiles === null) return <NotMeasured />;
      return (
        <>
          <b>{format(quantiles.p50)}</b> <small>({format(quantiles.p95)})</small>
        </>
      );
    },
  });
  const time = (seconds: number) => formatDuration(seconds * 1_000, language);
  return [
    row(t('report.table.firstToken'), 'firstToken', time),
    row(t('report.table.total'), 'total', time),
    row(t('report.table.tokensPerSecond'), 'tokensPerSecond', decimal),
  ];
}
