import type { FlowNode as DocumentNode, Problem } from '@kumiki/flow';
import { Handle, type NodeProps, Position } from '@xyflow/react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useDerivedFlow, useFlow } from '../flow/flow-context.tsx';
import { useLocalised } from '../i18n/use-localised.ts';
import { Icon } from '../icons/icon.tsx';
import { findStateText } from '../run/run-state.ts';
import { useShownNode } from './canvas-context.tsx';
import { chooseBody } from './canvas-model.ts';
import { describeValue } from './describe-value.ts';
import styles from './flow-node.module.css';
import { NodeBodyView, NodeFoot } from './node-foot.tsx';
import { measureNode, nodeWidth } from './node-geometry.ts';
import { drawOutline, headShape } from './node-outline.ts';
import { NodeTitle } from './node-title.tsx';
import { PortRow } from './port-row.tsx';

/** A node as it is drawn: head, value, ports, body, foot, in an outline with its joints. */
export const FlowNode = memo(function FlowNode({ id, selected }: NodeProps) {
  const node = useFlow((state) => state.document.nodes[id]);
  return node === undefined ? null : <DrawnNode id={id} node={node} isSelected={selected === true} />;
});

type DrawnNodeProps = { readonly id: string; readonly node: DocumentNode; readonly isSelected: boolean };

function DrawnNode({ id, node, isSelected }: DrawnNodeProps) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const { graph, binding, problemsByNode } = useDerivedFlow();
  const edges = useFlow((state) => state.document.edges);
  const run = useShownNode(id);
  const known = graph.nodes.get(id);
  const problems = problemsByNode.get(id) ?? [];
  const inputs = Object.entries(known?.ports.inputs ?? {});
  const outputs = Object.entries(known?.ports.outputs ?? {});
  const rows = Math.max(inputs.length, outputs.length, 1);
  const body = chooseBody(run);
  const height = measureNode(rows, body);
  const title = node.title ?? (known === undefined ? node.type : localise(known.description.title));
  const wired = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const arriving = new Map(
    (known?.incoming ?? []).map(({ from, to }) => [
      to.port,
      graph.nodes.get(from.node)?.ports.outputs[from.port]?.kind,
    ]),
  );

  return (
    <article
      className={styles.node}
      style={{ height }}
      data-time={binding.nodes.get(id) ?? 'build'}
      data-state={run?.state}
      data-selected={isSelected || undefined}
      data-problem={worstSeverity(problems) ?? undefined}
      aria-label={t('nodes.nodeLabel', {
        title,
        state: run === null ? t('nodes.notRun') : t(findStateText(run)),
      })}
    >
      <Frame height={height} inputs={inputs.length} outputs={outputs.length} />
      <header className={styles.head}>
        <Icon name={known?.description.family ?? 'unknown'} />
        <NodeTitle id={id} title={title} own={node.title ?? ''} />
      </header>
      <ValueLine node={node} description={known?.description ?? null} error={run?.error?.message ?? null} />
      <div className={styles.ports}>
        {Array.from({ length: rows }, (_, row) => (
          <PortRow
            // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
            key={row}
            node={id}
            input={inputs[row] ?? null}
            output={outputs[row] ?? null}
            arriving={arriving}
            wired={wired}
          />
        ))}
      </div>
      {known === undefined && <UnknownPorts />}
      <NodeBodyView body={body} run={run} />
      <NodeFoot run={run} problems={problems} type={node.type} />
    </article>
  );
}

function Frame({ height, inputs, outputs }: { height: number; inputs: number; outputs: number }) {
  const outline = drawOutline(height, inputs, outputs);
  return (
    <svg className={styles.frame} width={nodeWidth + 8} height={height} aria-hidden="true">
      <path className={styles.surface} d={outline} />
      <path className={styles.tint} d={headShape} />
      <path className={styles.edge} d={outline} />
    </svg>
  );
}

type ValueLineProps = {
  readonly node: DocumentNode;
  readonly description: Parameters<typeof describeValue>[1] | null;
  readonly error: Parameters<ReturnType<typeof useLocalised>>[0] | null;
};

/** The setting that matters; why it failed, where it has. */
function ValueLine({ node, description, error }: ValueLineProps) {
  const { t } = useTranslation();
  const localise = useLocalised();
  if (error !== null) {
    const reason = localise(error);
    return (
      <p className={styles.value} data-bad title={reason}>
        {reason}
      </p>
    );
  }
  if (description === null) return <p className={styles.value}>{t('nodes.unknownType')}</p>;
  const value = describeValue(node, description, localise);
  const isUnset = value === null && description.headline !== null;
  return (
    <p className={styles.value} data-unset={isUnset || undefined} title={value ?? undefined}>
      {value ?? (isUnset ? t('nodes.notSet') : '')}
    </p>
  );
}

/** A node of an unknown type cannot say its ports; one of each keeps it in the drawing. */
function UnknownPorts() {
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} className={styles.hidden} />
      <Handle type="source" position={Position.Right} isConnectable={false} className={styles.hidden} />
    </>
  );
}

function worstSeverity(problems: readonly Problem[]): Problem['severity'] | null {
  if (problems.some(({ severity }) => severity === 'error')) return 'error';
  return problems.length > 0 ? 'warning' : null;
}
