import { type KumikiSession, unwrap } from '@kumiki/testkit/kumiki-session';

export type Report = Awaited<ReturnType<typeof readReport>>;
type Arm = Report['arms'][number];

export function readReport({ client }: KumikiSession, experiment: string) {
  return unwrap(client.GET('/api/experiments/{id}/report', { params: { path: { id: experiment } } }));
}

/** The five rows by which the field compares, as text: an arm a column. What was not measured is a dash. */
export function printFiveRows(report: Report): void {
  const main = report.comparison.metrics.find(({ metric }) => metric.id === report.comparison.primary);
  const facts = (arm: Arm) => report.facts.find((one) => one.arm === arm.key);
  const rows: Readonly<Record<string, (arm: Arm) => string>> = {
    'need for training': ({ trained }) =>
      trained.length === 0
        ? 'none'
        : trained.map(({ steps, seconds }) => `${steps ?? '—'} steps, ${format(seconds)} s`).join(' + '),
    'adding new information': (arm) => {
      const newFacts = facts(arm)?.newFacts;
      if (newFacts == null) return '—';
      if (newFacts.kind === 'no-way-in') return 'no way in';
      const { seconds, known, asked, retrains } = newFacts;
      return `${format(seconds)} s${retrains ? ' (retrained)' : ''}, ${known} of ${asked} known`;
    },
    resources: (arm) => {
      const preparation = facts(arm)?.preparation;
      const perThousand = facts(arm)?.perThousandAnswers;
      return [
        `${format(preparation?.seconds)} s to prepare`,
        `${format(arm.diskBytes, 1e6)} MB on disk`,
        `${format(arm.peakMemory, 1e6)} MB of memory`,
        `${format(perThousand?.cpuSeconds)} processor s per 1,000 answers`,
        `${format(arm.tokens.in)} tokens in, ${format(arm.tokens.out)} out`,
      ].join('; ');
    },
    'fit to the domain': (arm) =>
      [
        { name: 'all', estimate: main?.arms.find((one) => one.arm === arm.key)?.common ?? null },
        ...(main?.topics ?? []).map(({ topic, arms }) => ({
          name: topic,
          estimate: arms.find((one) => one.arm === arm.key)?.estimate ?? null,
        })),
      ]
        .map(({ name, estimate }) => `${name} ${formatEstimate(estimate)}`)
        .join('; '),
    'inference speed': ({ speed: { firstToken, total, tokensPerSecond } }) =>
      [
        `first token ${format(firstToken?.p50)} s (p95 ${format(firstToken?.p95)})`,
        `whole ${format(total?.p50)} s (p95 ${format(total?.p95)})`,
        `${format(tokensPerSecond?.p50)} tokens/s`,
      ].join('; '),
  };
  for (const [row, describe] of Object.entries(rows)) {
    console.log(`\n${row}`);
    for (const arm of report.arms) console.log(`  ${arm.name.padEnd(10)} ${describe(arm)}`);
  }
  console.log(`\n${report.decision.headline.en}`);
}

function format(value: number | null | undefined, unit = 1): string {
  if (value == null) return '—';
  const scaled = value / unit;
  return scaled >= 100 ? scaled.toFixed(0) : scaled.toPrecision(3);
}

type Estimate = NonNullable<Report['comparison']['metrics'][number]['arms'][number]['common']>;

/** In points of a hundred. */
function formatEstimate(estimate: Estimate | null): string {
  if (estimate === null) return '—';
  const { mean, interval } = estimate;
  const points = (value: number) => (value * 100).toFixed(1);
  return interval.kind === 'interval'
    ? `${points(mean)} [${points(interval.low)}, ${points(interval.high)}]`
    : points(mean);
}
