import { useCallback } from 'react';
import { useFlowActions } from '../flow/flow-context.tsx';
import { english } from '../i18n/english.ts';
import { japanese } from '../i18n/texts.ts';
import { useNotices } from '../shell/notices.ts';
import { tidyUp } from './tidy-up.ts';
import { useFit } from './use-fit.ts';
import type { Scene } from './use-scene.ts';

/** Puts all nodes in order, as one step of undo. The layout engine is loaded when it is first asked for. */
export function useTidyUp({ placed, wires, bands }: Scene): () => void {
  const { moveItems } = useFlowActions();
  const fit = useFit();
  return useCallback(() => {
    const run = async () => {
      const { layOutWithElk } = await import('./elk-layout.ts');
      moveItems(await tidyUp(placed, wires, bands, layOutWithElk));
      requestAnimationFrame(() => fit());
    };
    run().catch(() =>
      useNotices.getState().say({ en: english.canvas.tidyUpFailed, ja: japanese.canvas.tidyUpFailed }, 'error'),
    );
  }, [placed, wires, bands, moveItems, fit]);
}
