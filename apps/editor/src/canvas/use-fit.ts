import { useReactFlow, useStoreApi } from '@xyflow/react';
import { useCallback } from 'react';
import { fitFlow } from './fit-flow.ts';

/** Shows the whole flow. */
export function useFit(): (duration?: number) => void {
  const { getNodes, setViewport } = useReactFlow();
  const view = useStoreApi();
  return useCallback(
    (duration = 160) => {
      const boxes = getNodes().map(({ position: { x, y }, width = 0, height = 0 }) => ({
        // Bands reach beyond their nodes.
        left: x - 9,
        top: y - 24,
        right: x + width + 9,
        bottom: y + height + 17,
      }));
      const wanted = fitFlow(boxes, view.getState());
      if (wanted !== null) void setViewport(wanted, { duration });
    },
    [getNodes, setViewport, view],
  );
}
