import { useTranslation } from 'react-i18next';
import { useDerivedFlow } from '../../flow/flow-context.tsx';
import { formatCount, formatDuration } from '../../i18n/format.ts';
import { useLocalised } from '../../i18n/use-localised.ts';
import { StateIcon } from '../../icons/state-icon.tsx';
import { isOver, type RunState } from '../../run/run-state.ts';
import { useAppearance } from '../../theme/appearance.ts';
import styles from './ask.module.css';

type AnswerMeterProps = {
  readonly run: RunState;
  /** When it was asked, by this machine's clock; null where it was not asked in this session. */
  readonly askedAt: number | null;
};

/** How the answer is coming along: state, first character, speed, tokens. */
export function AnswerMeter({ run, askedAt }: AnswerMeterProps) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const word = useStateWord(run);
  const speed = measureSpeed(run);
  const firstText = Math.min(
    ...Object.values(run.nodes).map(({ firstTextAt }) => firstTextAt ?? Number.POSITIVE_INFINITY),
  );
  const took = run.startedAt === null || run.endedAt === null ? null : run.endedAt - run.startedAt;
  const usage = run.usage ?? sumUsage(run);
  return (
    <p className={styles.meter}>
      <span className={styles.phase} data-phase={run.phase}>
        <StateIcon state={iconOf(run)} size={12} />
        {word}
      </span>
      {askedAt !== null && Number.isFinite(firstText) && (
        <span>{t('ask.firstText', { time: formatDuration(firstText - askedAt, language) })}</span>
      )}
      {askedAt !== null && speed !== null && <span>{t('ask.speed', { speed: formatCount(speed, language) })}</span>}
      {usage !== null && usage.promptTokens + usage.completionTokens > 0 && (
        <span>
          {t('ask.tokens', {
            prompt: formatCount(usage.promptTokens, language),
            completion: formatCount(usage.completionTokens, language),
          })}
        </span>
      )}
      {took !== null && <span>{t('ask.took', { time: formatDuration(took, language) })}</span>}
    </p>
  );
}

/** While nothing streams yet, the node that is at work. */
function useStateWord(run: RunState): string {
  const { t } = useTranslation();
  const localise = useLocalised();
  const { graph } = useDerivedFlow();
  if (run.phase === 'queued') return t('ask.queued');
  if (run.phase === 'cancelled') return t('ask.stopped');
  if (isOver(run.phase)) return t(`panel.phase.${run.phase}`);
  const nodes = Object.entries(run.nodes);
  if (nodes.some(([, { state }]) => state === 'streaming')) return t('nodes.state.streaming');
  const busy = graph.nodes.get(nodes.findLast(([, { state }]) => state === 'running')?.[0] ?? '');
  if (busy === undefined) return t('ask.preparing');
  return t('ask.searching', { node: busy.node.title ?? localise(busy.description.title) });
}

function iconOf(run: RunState) {
  if (run.phase === 'queued') return 'waiting';
  if (run.phase === 'succeeded') return 'done';
  if (run.phase === 'failed') return 'failed';
  if (run.phase === 'cancelled') return 'cancelled';
  return Object.values(run.nodes).some(({ state }) => state === 'streaming') ? 'streaming' : 'running';
}

/** Characters a second of all that has streamed; null before there is enough of it. */
function measureSpeed(run: RunState): number | null {
  let characters = 0;
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (const { text, firstTextAt, lastTextAt } of Object.values(run.nodes)) {
    if (firstTextAt === null || lastTextAt === null) continue;
    characters += Object.values(text).reduce((sum, part) => Math.max(sum, part.length), 0);
    first = Math.min(first, firstTextAt);
    last = Math.max(last, lastTextAt);
  }
  return last - first < 300 ? null : Math.round((characters * 1_000) / (last - first));
}

function sumUsage(run: RunState) {
  let promptTokens = 0;
  let completionTokens = 0;
  for (const { usage } of Object.values(run.nodes)) {
    promptTokens += usage?.promptTokens ?? 0;
    completionTokens += usage?.completionTokens ?? 0;
  }
  return promptTokens + completionTokens === 0 ? null : { promptTokens, completionTokens };
}
