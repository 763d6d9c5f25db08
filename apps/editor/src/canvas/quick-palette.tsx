import { type PortKind, parsePortAddress } from '@kumiki/flow';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDerivedFlow, useFlow, useFlowActions } from '../flow/flow-context.tsx';
import { useLocalised } from '../i18n/use-localised.ts';
import { Icon } from '../icons/icon.tsx';
import { PortShape } from '../icons/port-shape.tsx';
import { matchesQuery } from '../palette/search-node-types.ts';
import { findPartners, makeEdge, type Partner } from './find-partners.ts';
import { nodeWidth, portOffset } from './node-geometry.ts';
import styles from './quick-palette.module.css';
import type { LooseWire } from './use-wiring.ts';

type QuickPaletteProps = { readonly wire: LooseWire; readonly onClose: () => void };

/** Where a wire was let go: the node types that take it. The chosen one arrives connected. */
export function QuickPalette({ wire, onClose }: QuickPaletteProps) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const document = useFlow((state) => state.document);
  const nodeTypes = useFlow((state) => state.nodeTypes);
  const { addConnectedNode } = useFlowActions();
  const kind = useKind(wire);
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const dialog = useRef<HTMLDivElement>(null);
  const partners = useMemo(() => findPartners(document, nodeTypes, wire.start), [document, nodeTypes, wire.start]);
  const found = partners.filter(({ description }) => matchesQuery(description, query));
  const isOutput = wire.start.side === 'output';

  useEffect(() => {
    const closeOutside = (event: PointerEvent) => {
      if (event.target instanceof Node && dialog.current?.contains(event.target) === false) onClose();
    };
    addEventListener('pointerdown', closeOutside, true);
    return () => removeEventListener('pointerdown', closeOutside, true);
  }, [onClose]);

  const add = ({ description, port, row }: Partner) => {
    const { x, y } = wire.canvas;
    const position = { x: isOutput ? x : x - nodeWidth, y: y - portOffset(row) };
    addConnectedNode(description.type, position, (id) => makeEdge(wire.start, `${id}.${port}`));
    onClose();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chosen = found[active];
    if (step !== undefined) setActive((active + step + found.length) % Math.max(1, found.length));
    else if (event.key === 'Escape') onClose();
    else if (event.key === 'Enter' && chosen !== undefined) add(chosen);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const kindName = kind === null ? '' : t(`nodes.kind.${kind}`);
  return (
    <div
      ref={dialog}
      className={styles.palette}
      style={placeOnScreen(wire.screen)}
      role="dialog"
      aria-label={t(isOutput ? 'palette.fits' : 'palette.feeds', { kind: kindName })}
    >
      <p className={styles.title}>
        {kind !== null && <PortShape kind={kind} size={12} />}
        {t(isOutput ? 'palette.fits' : 'palette.feeds', { kind: kindName })}
      </p>
      <input
        // biome-ignore lint/a11y/noAutofocus: it opens at the end of a gesture and is all there is to do
        autoFocus
        role="combobox"
        aria-expanded="true"
        aria-controls="quick-palette-list"
        aria-activedescendant={found[active] === undefined ? undefined : `quick-${found[active].description.type}`}
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
        {found.map((partner, index) => (
          <button
            key={partner.description.type}
            id={`quick-${partner.description.type}`}
            type="button"
            role="option"
            aria-selected={index === active}
            tabIndex={-1}
            title={localise(partner.description.description)}
            onPointerEnter={() => setActive(index)}
            onClick={() => add(partner)}
          >
            <Icon name={partner.description.family} />
            {localise(partner.description.title)}
          </button>
        ))}
        {found.length === 0 && <p className={styles.nothing}>{t('palette.nothingFits')}</p>}
      </div>
    </div>
  );
}

function useKind({ start }: LooseWire): PortKind | null {
  const { graph } = useDerivedFlow();
  const { node, port } = parsePortAddress(start.address);
  const ports = graph.nodes.get(node)?.ports;
  return (start.side === 'output' ? ports?.outputs[port]?.kind : ports?.inputs[port]?.kinds[0]) ?? null;
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
