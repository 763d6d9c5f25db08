import type { JsonValue } from '@kumiki/flow';
import { useTranslation } from 'react-i18next';
import { useDerivedFlow, useFlow, useFlowActions, useRuns } from '../flow/flow-context.tsx';
import { addRefused, useRefusals } from '../flow/refusals.ts';
import { useLocalised } from '../i18n/use-localised.ts';
import { shownNodeRun } from '../run/run-store.ts';
import { PastTraining } from '../training/past-training.tsx';
import { TrainingRows } from '../training/training-rows.tsx';
import { TrainingSection } from '../training/training-section.tsx';
import { SettingsForm } from './form/settings-form.tsx';
import { InputsSection } from './inputs-section.tsx';
import styles from './inspector.module.css';
import { NodeHead } from './node-head.tsx';
import { NodeStateLine } from './node-state-line.tsx';
import { OutputsSection } from './outputs-section.tsx';

/** One node: what came in, its settings, what came out. */
export function NodeInspector({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const node = useFlow((state) => state.document.nodes[id]);
  const document = useFlow((state) => state.document);
  const refusals = useRefusals();
  const { graph, binding, problemsByNode } = useDerivedFlow();
  const { changeSettings, changeSetting, endTyping } = useFlowActions();
  const run = useRuns((state) => shownNodeRun(state, id));
  const graphNode = graph.nodes.get(id);
  if (node === undefined) return null;
  const problems = addRefused(problemsByNode.get(id) ?? [], document, refusals).filter(
    (problem) => problem.node === id,
  );
  const time = binding.nodes.get(id) ?? 'build';

  const change = (changes: Readonly<Record<string, JsonValue | undefined>>) => {
    const [only, ...more] = Object.entries(changes);
    if (only !== undefined && more.length === 0) changeSetting(id, only[0], only[1]);
    else changeSettings(id, changes);
  };

  return (
    <>
      <NodeHead id={id} node={node} description={graphNode?.description ?? null} time={time} />
      <NodeStateLine run={run} time={graphNode === undefined ? null : time} />
      <div className={styles.sections}>
        {graphNode === undefined ? (
          <section className={styles.section}>
            {problems.map(({ code, message }) => (
              <p key={code} className={styles.trouble}>
                {localise(message)}
              </p>
            ))}
          </section>
        ) : (
          <>
            {run !== null && run.training !== null && <TrainingSection node={id} run={run} training={run.training} />}
            {run?.state === 'cached' && run.training === null && graphNode.description.family === 'finetune' && (
              <PastTraining node={id} run={run} />
            )}
            {graphNode.description.family === 'finetune' && <TrainingRows node={id} />}
            {Object.keys(graphNode.ports.inputs).length > 0 && <InputsSection node={graphNode} />}
            <section className={`${styles.section} ${styles.settings}`} aria-labelledby={`${id}-settings`}>
              <h3 id={`${id}-settings`}>
                {t('inspector.settings')}
                <small>{time === 'build' ? t('inspector.settingsBuild') : t('inspector.settingsRequest')}</small>
              </h3>
              <SettingsForm
                node={id}
                description={graphNode.description}
                settings={node.settings}
                problems={problems}
                onChange={change}
                onLeave={endTyping}
              />
            </section>
            <OutputsSection node={graphNode} run={run} />
          </>
        )}
      </div>
    </>
  );
}
