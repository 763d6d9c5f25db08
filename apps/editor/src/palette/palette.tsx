import type { NodeTypeDescription } from '@kumiki/flow';
import { Tooltip, VisuallyHidden } from '@mantine/core';
import { useReactFlow, useStoreApi } from '@xyflow/react';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { nodeWidth } from '../canvas/node-geometry.ts';
import { useFlow, useOpenFlow } from '../flow/flow-context.tsx';
import { useLocalised } from '../i18n/use-localised.ts';
import { Icon } from '../icons/icon.tsx';
import { PortShape } from '../icons/port-shape.tsx';
import { nodeTypeMime } from './node-type-mime.ts';
import styles from './palette.module.css';
import { placeNewNode } from './place-new-node.ts';
import { PortLegend } from './port-legend.tsx';
import { type Family, groupNodeTypes } from './search-node-types.ts';

/** The node types by family: found by words, added by click, key or drag. */
export function Palette() {
  const { t } = useTranslation();
  const nodeTypes = useFlow((state) => state.nodeTypes);
  const [query, setQuery] = useState('');
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(['retrieve']));
  const list = useRef<HTMLDivElement>(null);
  const families = useMemo(() => groupNodeTypes(nodeTypes.values(), query), [nodeTypes, query]);
  const addNode = useAddNode();
  const isSearching = query.trim() !== '';

  const toggle = (family: string, isOpen: boolean) => {
    const next = new Set(open);
    if (isOpen) next.add(family);
    else next.delete(family);
    setOpen(next);
  };

  const onSearchKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const first = families[0]?.types[0];
    if (event.key === 'ArrowDown') moveFocus(list.current, 1);
    else if (event.key === 'Escape') setQuery('');
    else if (event.key === 'Enter' && isSearching && first !== undefined) addNode(first.type);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <div className={styles.find}>
        <Icon name="search" />
        <input
          id="palette-search"
          type="search"
          aria-label={t('palette.find')}
          placeholder={t('palette.find')}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={onSearchKey}
        />
        {!isSearching && <kbd>/</kbd>}
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move between the buttons inside */}
      <div ref={list} className={styles.families} onKeyDown={(event) => onListKey(event, list.current)}>
        {families.map((family) => (
          <FamilyGroup
            key={family.family}
            group={family}
            isOpen={isSearching || open.has(family.family)}
            onToggle={(isOpen) => toggle(family.family, isOpen)}
            onAdd={addNode}
          />
        ))}
        {families.length === 0 && <p className={styles.nothing}>{t('palette.nothing', { query })}</p>}
      </div>
      <PortLegend />
    </>
  );
}

type FamilyGroupProps = {
  readonly group: Family;
  readonly isOpen: boolean;
  readonly onToggle: (isOpen: boolean) => void;
  readonly onAdd: (type: string) => void;
};

function FamilyGroup({ group: { family, types }, isOpen, onToggle, onAdd }: FamilyGroupProps) {
  const { t } = useTranslation();
  const used = useFlow(({ document, selected }) => {
    const [only] = selected;
    return selected.size === 1 && only !== undefined ? document.nodes[only]?.type : undefined;
  });
  return (
    <div className={styles.family} data-open={isOpen || undefined}>
      <button
        type="button"
        className={styles.name}
        aria-expanded={isOpen}
        data-family
        onClick={() => onToggle(!isOpen)}
      >
        <Icon name={isOpen ? 'chevron-down' : 'chevron-right'} size={12} />
        <Icon name={family} size={15} />
        <span>{t(`nodes.family.${family}`)}</span>
        <VisuallyHidden component="span">{t('palette.types', { number: types.length })}</VisuallyHidden>
        <em aria-hidden="true">{types.length}</em>
      </button>
      {isOpen && (
        <ul>
          {types.map((description) => (
            <TypeItem
              key={description.type}
              description={description}
              isUsed={description.type === used}
              onAdd={() => onAdd(description.type)}
            />
          ))}
        </ul>
      )}
    </div>
  );
}

type TypeItemProps = {
  readonly description: NodeTypeDescription;
  readonly isUsed: boolean;
  readonly onAdd: () => void;
};

function TypeItem({ description, isUsed, onAdd }: TypeItemProps) {
  const { t } = useTranslation();
  const localise = useLocalised();
  const kind = Object.values(description.outputs)[0]?.kind ?? Object.values(description.inputs)[0]?.kinds[0];
  return (
    <li>
      <Tooltip
        position="right"
        label={
          <>
            {localise(description.description)}
            <br />
            <small>{t('palette.addHint')}</small>
          </>
        }
      >
        <button
          type="button"
          className={styles.type}
          data-used={isUsed || undefined}
          data-type={description.type}
          draggable
          onDragStart={(event) => {
            event.dataTransfer.setData(nodeTypeMime, description.type);
            event.dataTransfer.effectAllowed = 'copy';
          }}
          onClick={onAdd}
        >
          {kind !== undefined && <PortShape kind={kind} size={11} />}
          {localise(description.title)}
        </button>
      </Tooltip>
    </li>
  );
}

/** Adds a node beside the selected one, else in the middle of what is seen, where there is room. */
function useAddNode(): (type: string) => void {
  const { flow } = useOpenFlow();
  const { screenToFlowPosition, setCenter, getZoom } = useReactFlow();
  const view = useStoreApi();
  return (type) => {
    const { document, selected, addNode } = flow.getState();
    const [only] = selected;
    const beside = selected.size === 1 && only !== undefined ? document.nodes[only]?.position : undefined;
    const { domNode, width, height, transform } = view.getState();
    const frame = domNode?.getBoundingClientRect();
    const middle = screenToFlowPosition({
      x: (frame?.left ?? 0) + width / 2,
      y: (frame?.top ?? 0) + height / 2,
    });
    const wanted =
      beside === undefined ? { x: middle.x - nodeWidth / 2, y: middle.y - 40 } : { x: beside.x + 180, y: beside.y };
    const place = placeNewNode(document, wanted);
    addNode(type, place);
    const [x, y, zoom] = transform;
    const isSeen =
      place.x * zoom + x > 0 &&
      (place.x + nodeWidth) * zoom + x < width &&
      place.y * zoom + y > 0 &&
      (place.y + 90) * zoom + y < height;
    if (!isSeen) void setCenter(place.x + nodeWidth / 2, place.y + 45, { zoom: getZoom(), duration: 160 });
  };
}

function onListKey(event: KeyboardEvent, list: HTMLElement | null): void {
  const { target } = event;
  if (!(target instanceof HTMLElement)) return;
  const isFamily = target.dataset.family !== undefined;
  const isOpen = target.getAttribute('aria-expanded') === 'true';
  if (event.key === 'ArrowDown') moveFocus(list, 1);
  else if (event.key === 'ArrowUp') moveFocus(list, -1);
  else if (event.key === 'ArrowRight' && isFamily && !isOpen) target.click();
  else if (event.key === 'ArrowLeft' && isFamily && isOpen) target.click();
  else return;
  event.preventDefault();
}

function moveFocus(list: HTMLElement | null, by: 1 | -1): void {
  const buttons = [...(list?.querySelectorAll('button') ?? [])];
  const current = buttons.findIndex((button) => button.matches(':focus'));
  const next = current + by;
  if (next < 0) document.getElementById('palette-search')?.focus();
  else buttons[Math.min(next, buttons.length - 1)]?.focus();
}
