import { SegmentedControl } from '@mantine/core';
import { type CSSProperties, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDerivedFlow, useFlow, useFlowActions, useRuns } from '../../flow/flow-context.tsx';
import { formatCount, formatDuration, formatTime } from '../../i18n/format.ts';
import { useLocalised } from '../../i18n/use-localised.ts';
import { glyphs } from '../../icons/glyphs.ts';
import { Icon } from '../../icons/icon.tsx';
import { phaseIcons } from '../../icons/phase-icons.ts';
import { StateIcon } from '../../icons/state-icon.tsx';
import { isOver, type RunState } from '../../run/run-state.ts';
import { shownRun } from '../../run/run-store.ts';
import { useAppearance } from '../../theme/appearance.ts';
import { layTimeline, type Timeline, type TimelineRow } from './lay-timeline.ts';
import styles from './timeline.module.css';

/** When each node of a run worked and for how long. */
export function TimelinePanel() {
  const { t } = useTranslation();
  const build = useRuns((state) => shownRun(state, 'build'));
  const question = useRuns((state) => shownRun(state, 'question'));
  const [kind, setKind] = useState<RunState['kind'] | null>(null);
  const newest = (question?.startedAt ?? 0) >= (build?.startedAt ?? 0) ? (question ?? build) : build;
  const run = (kind === 'build' ? build : kind === 'question' ? question : null) ?? newest;
  const now = useNow(run !== null && !isOver(run.phase));
  if (run === null) return <p className={styles.empty}>{t('panel.timelineEmpty')}</p>;
  const timeline = layTimeline(run, now);
  return (
    <div className={styles.timeline}>
      <div className={styles.axis}>
        <div className={styles.run}>
          {build !== null && question !== null ? (
            <SegmentedControl
              aria-label={t('panel.timelineOf')}
              data={[
                { value: 'build', label: t('panel.run.build') },
                { value: 'question', label: t('panel.run.question') },
              ]}
              value={run.kind}
              onChange={(value) => setKind(value === 'build' ? 'build' : 'question')}
            />
          ) : (
            t(`panel.run.${run.kind}`)
          )}
        </div>
        <Axis timeline={timeline} />
        <span />
      </div>
      <ol>
        {timeline.rows.map((row) => (
          <Row key={row.node} row={row} timeline={timeline} />
        ))}
      </ol>
      <Summary run={run} timeline={timeline} />
    </div>
  );
}

function Axis({ timeline }: { readonly timeline: Timeline }) {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  return (
    <div className={styles.track} role="img" aria-label={t('panel.axis')}>
      {timeline.ticks.map((tick) => (
        <u key={tick} style={{ left: `${(tick / timeline.length) * 100}%` }}>
          {tick === 0 ? '0' : formatTick(tick, language)}
        </u>
      ))}
    </div>
  );
}

function formatTick(tick: number, language: 'ja' | 'en'): string {
  return formatDuration(tick, language).replace('.0 ', ' ');
}

function Row({ row, timeline }: { readonly row: TimelineRow; readonly timeline: Timeline }) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const language = useAppearance((appearance) => appearance.language);
  const { graph } = useDerivedFlow();
  const known = useFlow((state) => row.node in state.document.nodes);
  const { select } = useFlowActions();
  const node = graph.nodes.get(row.node);
  const family = node?.description.family ?? 'unknown';
  const title = node === undefined ? row.node : node.node.title || localise(node.description.title);
  const { run, start, end, wait } = row;
  const items = Object.values(run.counts).reduce((most, counts) => Math.max(most, counts.items), 0);
  // Custom properties are not in React's type of a style.
  const place = {
    '--from': `${((start ?? 0) / timeline.length) * 100}%`,
    '--width': `${(((end ?? 0) - (start ?? 0)) / timeline.length) * 100}%`,
    '--wait': `${((wait ?? 0) / timeline.length) * 100}%`,
  } as CSSProperties;
  return (
    <li>
      <button type="button" disabled={!known} onClick={() => select([row.node])}>
        <span className={styles.state} data-state={run.state} title={t(`nodes.state.${run.state}`)}>
          <StateIcon state={run.state} size={12} />
        </span>
        <span className={styles.name}>
          <Icon name={family in glyphs ? family : 'unknown'} size={13} />
          <span>{title}</span>
        </span>
        <span className={styles.track} style={place}>
          {start !== null && wait !== null && <i className={styles.wait} />}
          {start !== null && <i className={styles.bar} data-state={run.state} />}
        </span>
        <span className={styles.figures}>
          {run.usage !== null ? (
            <small>
              {t('panel.tokens', {
                prompt: formatCount(run.usage.promptTokens, language),
                completion: formatCount(run.usage.completionTokens, language),
              })}
            </small>
          ) : (
            items > 1 && <small>{t('inspector.count', { number: formatCount(items, language) })}</small>
          )}
          {run.milliseconds !== null && <b>{formatDuration(run.milliseconds, language)}</b>}
          {run.milliseconds === null && <b>{t(`nodes.state.${run.state}`)}</b>}
        </span>
      </button>
    </li>
  );
}

/** The run in a line: how it ended, how long it took, and what took most of it. */
function Summary({ run, timeline }: { readonly run: RunState; readonly timeline: Timeline }) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const language = useAppearance((appearance) => appearance.language);
  const { graph } = useDerivedFlow();
  const slowest = timeline.rows.reduce<TimelineRow | null>(
    (most, row) => ((row.run.milliseconds ?? 0) > (most?.run.milliseconds ?? 0) ? row : most),
    null,
  );
  const node = graph.nodes.get(slowest?.node ?? '');
  const waited = timeline.rows.find(({ wait }) => wait !== null);
  return (
    <p className={styles.key}>
      <span className={styles.state} data-state={phaseIcons[run.phase]}>
        <StateIcon state={phaseIcons[run.phase]} size={12} />
        {t(`panel.phase.${run.phase}`)}
      </span>
      {run.startedAt !== null && <span>{formatTime(run.startedAt, language)}</span>}
      {isOver(run.phase) && <span>{t('panel.total', { time: formatDuration(timeline.length, language) })}</span>}
      {waited?.wait != null && (
        <span>
          <i className={styles.wait} />
          {t('panel.waitForText', { time: formatDuration(waited.wait, language) })}
        </span>
      )}
      {isOver(run.phase) && node !== undefined && slowest?.run.milliseconds != null && timeline.rows.length > 1 && (
        <span>
          {t('panel.slowest', {
            node: node.node.title || localise(node.description.title),
            percent: Math.min(100, Math.round((slowest.run.milliseconds / timeline.length) * 100)),
          })}
        </span>
      )}
    </p>
  );
}

/** The time, four times a second while a run is at work. */
function useNow(isTicking: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!isTicking) return;
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [isTicking]);
  return now;
}
