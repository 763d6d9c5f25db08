import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { buildsQuery, versionsQuery } from '../api/flows.ts';
import { useDerivedFlow, useFlow, useFlowActions } from '../flow/flow-context.tsx';
import { formatTime } from '../i18n/format.ts';
import { Icon } from '../icons/icon.tsx';
import { readInterface } from '../panel/ask/read-interface.ts';
import { useAppearance } from '../theme/appearance.ts';
import styles from './inspector.module.css';

const shownBuilds = 6;

/** The flow as a whole: what goes in, the arms, notes, versions and builds. */
export function FlowSummary() {
  const { t } = useTranslation();
  const language = useAppearance((appearance) => appearance.language);
  const id = useFlow((state) => state.id);
  const document = useFlow((state) => state.document);
  const { select } = useFlowActions();
  const { graph, binding } = useDerivedFlow();
  const { inputs, arms } = readInterface(graph);
  const versions = useQuery(versionsQuery(id)).data?.items ?? [];
  const builds = useQuery(buildsQuery(id)).data?.items ?? [];
  const times = [...binding.nodes.values()];
  const build = times.filter((time) => time === 'build').length;
  return (
    <>
      <div className={styles.plain}>
        <h2>{document.name}</h2>
        <p>{t('inspector.flow.hint')}</p>
      </div>
      <div className={styles.sections}>
        <section className={styles.section}>
          <dl className={styles.facts}>
            <dt>{t('inspector.flow.nodes')}</dt>
            <dd>
              {times.length}
              {times.length > 0 && (
                <small>{t('inspector.flow.nodesFacts', { build, request: times.length - build })}</small>
              )}
            </dd>
            {inputs.length > 0 && (
              <>
                <dt>{t('inspector.flow.inputs')}</dt>
                <dd>
                  {inputs.map(({ node, name, title }) => (
                    <button key={node} type="button" onClick={() => select([node])}>
                      {title}
                      {title !== name && <code>{name}</code>}
                    </button>
                  ))}
                </dd>
              </>
            )}
            <dt>{t('inspector.flow.arms')}</dt>
            <dd>
              {arms.length === 0 && <small>{t('inspector.flow.noArms')}</small>}
              {arms.map(({ node, name }) => (
                <button key={node} type="button" onClick={() => select([node])}>
                  {name}
                </button>
              ))}
            </dd>
          </dl>
        </section>
        <section className={styles.section}>
          <h3>{t('inspector.flow.builds')}</h3>
          {builds.length === 0 && <p className={styles.dim}>{t('inspector.flow.noBuilds')}</p>}
          <ul className={styles.list}>
            {builds.slice(0, shownBuilds).map((item) => {
              const documents = item.artifacts.reduce((sum, artifact) => sum + (artifact.documents ?? 0), 0);
              return (
                <li key={item.number}>
                  <b>{t('panel.run.buildNumber', { number: item.number })}</b>
                  <span>
                    {t('inspector.flow.buildFacts', {
                      version: item.version,
                      time: formatTime(item.createdAt, language),
                    })}
                  </span>
                  {documents > 0 && <span>{t('inspector.flow.documents', { number: documents })}</span>}
                  {item.artifacts.some(({ stale }) => stale) && <em>{t('inspector.flow.stale')}</em>}
                </li>
              );
            })}
          </ul>
        </section>
        <section className={styles.section}>
          <h3>{t('inspector.flow.versions')}</h3>
          {versions.length === 0 && <p className={styles.dim}>{t('inspector.flow.noVersions')}</p>}
          <ul className={styles.list}>
            {versions.slice(0, shownBuilds).map(({ number, createdAt }) => (
              <li key={number}>
                <b>{t('shell.version', { number })}</b>
                <span>{formatTime(createdAt, language)}</span>
              </li>
            ))}
          </ul>
        </section>
        {document.notes.length > 0 && (
          <section className={styles.section}>
            <h3>{t('inspector.flow.notes')}</h3>
            <ul className={styles.notes}>
              {document.notes.map((note) => (
                <li key={note.id}>
                  <button type="button" onClick={() => select([note.id])}>
                    <Icon name="note" size={13} />
                    <span>{note.text.trim() === '' ? t('inspector.note') : note.text}</span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </>
  );
}
