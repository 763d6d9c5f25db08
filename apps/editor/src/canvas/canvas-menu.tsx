import { Menu } from '@mantine/core';
import { useReactFlow } from '@xyflow/react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { writeClipboard } from '../flow/clipboard.ts';
import { deriveFlow } from '../flow/derive-flow.ts';
import { useOpenFlow } from '../flow/flow-context.tsx';
import { readArms } from '../flow/read-arms.ts';
import { english } from '../i18n/english.ts';
import { japanese } from '../i18n/texts.ts';
import { useNotices } from '../shell/notices.ts';
import { useCanvasStore } from './canvas-context.tsx';
import { pasteText } from './use-clipboard.ts';
import { useFit } from './use-fit.ts';

export type MenuTarget = {
  readonly screen: { readonly x: number; readonly y: number };
  /** What was under the pointer; null is the empty canvas. */
  readonly item: { readonly node: string } | { readonly edge: string } | null;
};

type CanvasMenuProps = {
  readonly target: MenuTarget;
  readonly onTidyUp: () => void;
  readonly onClose: () => void;
};

/** What can be done to what is under the pointer. */
export function CanvasMenu({ target: { screen, item }, onTidyUp, onClose }: CanvasMenuProps) {
  return (
    <Menu opened onClose={onClose} offset={0} position="bottom-start" returnFocus>
      <Menu.Target>
        <span style={{ position: 'fixed', left: screen.x, top: screen.y, width: 1, height: 1 }} />
      </Menu.Target>
      <Menu.Dropdown>
        {item === null && <CanvasItems screen={screen} onTidyUp={onTidyUp} />}
        {item !== null && 'node' in item && <NodeItems node={item.node} />}
        {item !== null && 'edge' in item && <WireItems edge={item.edge} />}
      </Menu.Dropdown>
    </Menu>
  );
}

function NodeItems({ node }: { readonly node: string }) {
  const { t } = useTranslation();
  const { flow } = useOpenFlow();
  const canvas = useCanvasStore();
  const isNote = flow.getState().document.nodes[node] === undefined;
  /** A node outside the selection is meant by itself. */
  const withSelection = (act: () => void) => () => {
    const { selected, select } = flow.getState();
    if (!selected.has(node)) select([node]);
    act();
  };
  const copy = () => {
    const part = flow.getState().copySelection();
    if (part === null) return;
    navigator.clipboard
      .writeText(writeClipboard(part))
      .catch(() => useNotices.getState().say({ en: english.canvas.copyRefused, ja: japanese.canvas.copyRefused }));
  };
  return (
    <>
      {!isNote && (
        <Item keys="F2" onClick={() => canvas.setState({ renaming: node })}>
          {t('common.rename')}
        </Item>
      )}
      <Item keys="Ctrl+D" onClick={withSelection(() => flow.getState().duplicateSelection())}>
        {t('common.duplicate')}
      </Item>
      <Item keys="Ctrl+C" onClick={withSelection(copy)}>
        {t('common.copy')}
      </Item>
      <Menu.Divider />
      <Item keys="Del" onClick={withSelection(() => flow.getState().deleteSelection())}>
        {t('common.delete')}
      </Item>
    </>
  );
}

function WireItems({ edge }: { readonly edge: string }) {
  const { t } = useTranslation();
  const { flow } = useOpenFlow();
  return (
    <Item keys="Del" onClick={() => flow.getState().disconnect([edge])}>
      {t('canvas.disconnect')}
    </Item>
  );
}

type CanvasItemsProps = { readonly screen: MenuTarget['screen']; readonly onTidyUp: () => void };

function CanvasItems({ screen, onTidyUp }: CanvasItemsProps) {
  const { t } = useTranslation();
  const { flow } = useOpenFlow();
  const { screenToFlowPosition } = useReactFlow();
  const fit = useFit();
  const at = screenToFlowPosition(screen);
  const addArms = () => {
    const added = flow.getState().addMissingArms();
    const say = useNotices.getState().say;
    if (added.length === 0) {
      const hasAll = readArms(deriveFlow(flow.getState()).graph).length > 0;
      const text = hasAll ? 'complete' : 'noArm';
      say({ en: english.canvas.arms[text], ja: japanese.canvas.arms[text] });
      return;
    }
    say({ en: english.canvas.arms.added, ja: japanese.canvas.arms.added });
    requestAnimationFrame(() => fit());
  };
  const paste = () => {
    navigator.clipboard
      .readText()
      .then((text) => pasteText(flow, text, at))
      .catch(() => useNotices.getState().say({ en: english.canvas.pasteDenied, ja: japanese.canvas.pasteDenied }));
  };
  return (
    <>
      <Item onClick={() => flow.getState().addNote(at)}>{t('canvas.addNote')}</Item>
      <Item keys="Ctrl+V" onClick={paste}>
        {t('common.paste')}
      </Item>
      <Menu.Divider />
      <Item keys="Ctrl+A" onClick={() => flow.getState().selectAll()}>
        {t('canvas.selectAll')}
      </Item>
      <Item keys="1" onClick={() => fit()}>
        {t('canvas.fit')}
      </Item>
      <Item keys="Shift+L" onClick={onTidyUp}>
        {t('canvas.tidyUp')}
      </Item>
      <Menu.Divider />
      <Item onClick={addArms}>{t('canvas.arms.add')}</Item>
    </>
  );
}

type ItemProps = { readonly keys?: string; readonly onClick: () => void; readonly children: ReactNode };

function Item({ keys, onClick, children }: ItemProps) {
  return (
    <Menu.Item onClick={onClick} rightSection={keys === undefined ? null : <kbd>{keys}</kbd>}>
      {children}
    </Menu.Item>
  );
}
