import { useEffect } from 'react';
import { readClipboard, writeClipboard } from '../flow/clipboard.ts';
import { useOpenFlow } from '../flow/flow-context.tsx';
import type { FlowState, FlowStore } from '../flow/flow-store.ts';
import { english } from '../i18n/english.ts';
import { japanese } from '../i18n/texts.ts';
import { useNotices } from '../shell/notices.ts';
import { isWriting } from './typing-target.ts';

/** Copy, cut and paste by the browser's own events: they need no permission and carry plain text. */
export function useClipboard(): void {
  const { flow } = useOpenFlow();
  useEffect(() => {
    const copy = (event: ClipboardEvent): boolean => {
      if (isWriting(event.target) || getSelection()?.isCollapsed === false) return false;
      const part = flow.getState().copySelection();
      if (part === null || event.clipboardData === null) return false;
      event.clipboardData.setData('text/plain', writeClipboard(part));
      event.preventDefault();
      return true;
    };
    const onCopy = (event: ClipboardEvent) => void copy(event);
    const onCut = (event: ClipboardEvent) => {
      if (copy(event)) flow.getState().deleteSelection();
    };
    const onPaste = (event: ClipboardEvent) => {
      if (isWriting(event.target)) return;
      event.preventDefault();
      pasteText(flow, event.clipboardData?.getData('text/plain') ?? '');
    };
    document.addEventListener('copy', onCopy);
    document.addEventListener('cut', onCut);
    document.addEventListener('paste', onPaste);
    return () => {
      document.removeEventListener('copy', onCopy);
      document.removeEventListener('cut', onCut);
      document.removeEventListener('paste', onPaste);
    };
  }, [flow]);
}

/** Pastes text that holds a part of a flow; says so where it does not. */
export function pasteText(flow: FlowStore, text: string, at?: { readonly x: number; readonly y: number }): void {
  const part = readClipboard(text);
  const { say } = useNotices.getState();
  if (part === null) {
    say({ en: english.canvas.pasteRefused, ja: japanese.canvas.pasteRefused });
    return;
  }
  const state: FlowState = flow.getState();
  state.paste(part, at);
  const unknown = Object.values(part.nodes).filter(({ type }) => !state.nodeTypes.has(type)).length;
  if (unknown === 0) return;
  const count = String(unknown);
  say({
    en: english.canvas.pasteUnknown.replace('{{number}}', count),
    ja: japanese.canvas.pasteUnknown.replace('{{number}}', count),
  });
}
