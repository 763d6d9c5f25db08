import { formatPortAddress, type InputPortDescription, type OutputPortDescription, type PortKind } from '@kumiki/flow';
import { Handle, Position } from '@xyflow/react';
import { useTranslation } from 'react-i18next';
import { useLocalised } from '../i18n/use-localised.ts';
import { PortShape } from '../icons/port-shape.tsx';
import { useCanvas } from './canvas-context.tsx';
import styles from './flow-node.module.css';

type PortRowProps = {
  readonly node: string;
  readonly input: readonly [name: string, InputPortDescription] | null;
  readonly output: readonly [name: string, OutputPortDescription] | null;
  /** The kind that arrives at each input that has a wire. */
  readonly arriving: ReadonlyMap<string, PortKind | undefined>;
  /** Addresses of all ports of the flow that have a wire. */
  readonly wired: ReadonlySet<string>;
};

/** One row of ports: an input on the left, an output on the right. */
export function PortRow({ node, input, output, arriving, wired }: PortRowProps) {
  return (
    <div className={styles.row}>
      {input !== null && (
        <Port
          side="input"
          address={formatPortAddress({ node, port: input[0] })}
          port={input[0]}
          kinds={input[1].kinds}
          arriving={arriving.get(input[0])}
          title={input[1].title}
          isRequired={input[1].required}
          wired={wired}
        />
      )}
      {output !== null && (
        <Port
          side="output"
          address={formatPortAddress({ node, port: output[0] })}
          port={output[0]}
          kinds={[output[1].kind]}
          title={output[1].title}
          isRequired={false}
          wired={wired}
        />
      )}
    </div>
  );
}

type PortProps = {
  readonly side: 'input' | 'output';
  readonly address: string;
  readonly port: string;
  readonly kinds: readonly PortKind[];
  /** An input that takes several kinds shows the one that it has. */
  readonly arriving?: PortKind | undefined;
  readonly title: InputPortDescription['title'];
  readonly isRequired: boolean;
  readonly wired: ReadonlySet<string>;
};

function Port({ side, address, port, kinds, arriving, title, isRequired, wired }: PortProps) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const answer = useCanvas(({ pulled }) => {
    if (pulled === null || pulled.start.address === address) return null;
    return pulled.answers.get(address) === null ? 'fits' : 'refuses';
  });
  const kind = arriving ?? kinds[0];
  if (kind === undefined) return null;
  const isInput = side === 'input';
  const accepted = kinds.map((one) => t(`nodes.kind.${one}`)).join(' / ');
  const need = isInput ? ` · ${t(isRequired ? 'nodes.required' : 'nodes.optional')}` : '';
  const label = t('nodes.portTitle', { title: localise(title), kind: accepted });
  return (
    <span
      className={isInput ? styles.input : styles.output}
      data-answer={answer ?? undefined}
      data-optional={(isInput && !isRequired) || undefined}
      title={`${label}${need}`}
    >
      <PortShape kind={kind} hollow={!wired.has(address)} />
      <span className={styles.label}>{localise(title)}</span>
      <Handle
        id={port}
        type={isInput ? 'target' : 'source'}
        position={isInput ? Position.Left : Position.Right}
        className={styles.handle ?? ''}
        role="img"
        aria-label={label}
        data-port={address}
      />
    </span>
  );
}
