import { formatPortAddress, type PortKind, parsePortAddress } from '@kumiki/flow';
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDerivedFlow, useFlow, useFlowActions } from '../flow/flow-context.tsx';
import { useLocalised } from '../i18n/use-localised.ts';
import { Icon } from '../icons/icon.tsx';
import { PortShape } from '../icons/port-shape.tsx';
import { matchesQuery } from '../palette/search-node-types.ts';
import { findPartners, listOpenPorts, makeEdge, type Partner } from './find-partners.ts';
import { nodeWidth, portOffset } from './node-geometry.ts';
import styles from './quick-palette.module.css';
import type { LooseWire } from './use-wiring.ts';

type QuickPaletteProps = { readonly wire: LooseWire; readonly onClose: () => void };

/** Something that the wire can lead to. */
type Choice = {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly icon: ReactNode;
  readonly take: () => void;
};

/** Where a wire was let go: the node types that take it. The chosen one arrives connected. */
export function QuickPalette({ wire, onClose }: QuickPaletteProps) {
  const { t } = useTranslation();
  const kind = useKind(wire);
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const dialog = useRef<HTMLDivElement>(null);
  const choices = useChoices(wire, query);
  useOutsidePress(dialog, onClose);

  const take = (choice: Choice) => {
    choice.take();
    onClose();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chosen = choices[active];
    if (step !== undefined) setActive((active + step + choices.length) % Math.max(1, choices.length));
    else if (event.key === 'Escape') onClose();
    else if (event.key === 'Enter' && chosen !== undefined) take(chosen);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const kindName = kind === null ? '' : t(`nodes.kind.${kind}`);
  const title = t(wire.start.side === 'output' ? 'palette.fits' : 'palette.feeds', { kind: kindName });
  const activeId = choices[active]?.id;
  return (
    <div ref={dialog} className={styles.palette} style={placeOnScreen(wire.screen)} role="dialog" aria-label={title}>
      <p className={styles.title}>
        {kind !== null && <PortShape kind={kind} size={12} />}
        {title}
      </p>
      <input
        // biome-ignore lint/a11y/noAutofocus: it opens at the end of a gesture and is all there is to do
        autoFocus
        role="combobox"
        aria-expanded="true"
        aria-controls="quick-palette-list"
        aria-activedescendant={activeId}
        aria-label={t('palette.find')}
        placeholder={t('palette.find')}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id="quick-palette-list" role="listbox" className={styles.list}>
        {choices.map((choice, index) => (
          <button
            key={choice.id}
            id={choice.id}
            type="button"
            role="option"
            aria-selected={index === active}
            tabIndex={-1}
            title={choice.hint}
            onPointerEnter={() => setActive(index)}
            onClick={() => take(choice)}
          >
            {choice.icon}
            {choice.label}
          </button>
        ))}
        {choices.length === 0 && <p className={styles.nothing}>{t('palette.nothingFits')}</p>}
      </div>
    </div>
  );
}

/** New nodes that take the wire; where a key has asked, also ports that are there already. */
function useChoices(wire: LooseWire, query: string): readonly Choice[] {
  const { t } = useTranslation();
  const localise = useLocalised();
  const document = useFlow((state) => state.document);
  const nodeTypes = useFlow((state) => state.nodeTypes);
  const namedFlows = useFlow((state) => state.namedFlows);
  const { addConnectedNode, connect } = useFlowActions();
  const { start, canvas, byKey } = wire;

  const drawn = useMemo(() => ({ document, nodeTypes, namedFlows }), [document, nodeTypes, namedFlows]);
  const partners = useMemo(() => findPartners(drawn, start), [drawn, start]);
  const present = useMemo(() => (byKey ? listOpenPorts(drawn, start, localise) : []), [byKey, drawn, start, localise]);

  const add = ({ description, port, row }: Partner) => {
    const x = start.side === 'output' ? canvas.x : canvas.x - nodeWidth;
    addConnectedNode(description.type, { x, y: canvas.y - portOffset(row) }, (id) =>
      makeEdge(start, formatPortAddress({ node: id, port })),
    );
  };

  const ports = present
    .map(({ address, node, port }) => ({
      id: `quick-port-${address}`,
      label: t('palette.presentPort', { node, port: localise(port) }),
      hint: t('palette.present'),
      icon: <Icon name="chevron-right" />,
      take: () => void connect(makeEdge(start, address)),
    }))
    .filter(({ label }) => label.toLowerCase().includes(query.trim().toLowerCase()));
  const types = partners
    .filter(({ description }) => matchesQuery(description, query))
    .map((partner) => ({
      id: `quick-type-${partner.description.type}`,
      label: localise(partner.description.title),
      hint: localise(partner.description.description),
      icon: <Icon name={partner.description.family} />,
      take: () => add(partner),
    }));
  return [...ports, ...types];
}

function useKind({ start }: LooseWire): PortKind | null {
  const { graph } = useDerivedFlow();
  const { node, port } = parsePortAddress(start.address);
  const ports = graph.nodes.get(node)?.ports;
  return (start.side === 'output' ? ports?.outputs[port]?.kind : ports?.inputs[port]?.kinds[0]) ?? null;
}

function useOutsidePress(inside: { readonly current: HTMLElement | null }, onPress: () => void): void {
  useEffect(() => {
    const listen = (event: PointerEvent) => {
      if (event.target instanceof Node && inside.current?.contains(event.target) === false) onPress();
    };
    addEventListener('pointerdown', listen, true);
    return () => removeEventListener('pointerdown', listen, true);
  }, [inside, onPress]);
}

const size = { width: 236, height: 300 } as const;

/** At the pointer, but wholly within the window. */
function placeOnScreen({ x, y }: LooseWire['screen']) {
  return {
    left: Math.max(8, Math.min(x, innerWidth - size.width - 8)),
    top: Math.max(8, Math.min(y, innerHeight - size.height - 8)),
    width: size.width,
    maxHeight: size.height,
  };
}
