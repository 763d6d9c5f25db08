import { getViewportForBounds, type Viewport } from '@xyflow/react';
import type { Box } from './wire-geometry.ts';

type Size = { readonly width: number; readonly height: number };

/** Air around the flow, and what the zoom bar takes at the bottom. */
const margin = { side: 14, bottom: 48 } as const;
/** What the overview takes of the bottom right corner, with its margin. */
const corner = { width: 164, height: 116 } as const;
/** The overview is not shown on a smaller canvas; canvas.module.css says the same. */
const smallest = { width: 800, height: 420 } as const;
const zooms = { least: 0.2, most: 1 } as const;

/**
 * The view that shows all boxes as large as possible, at most at 100%, and none of them below the overview. Null where
 * there is nothing to show.
 */
export function fitFlow(boxes: readonly Box[], canvas: Size): Viewport | null {
  if (boxes.length === 0 || canvas.width === 0 || canvas.height === 0) return null;
  const left = Math.min(...boxes.map((box) => box.left));
  const top = Math.min(...boxes.map((box) => box.top));
  const bounds = {
    x: left,
    y: top,
    width: Math.max(...boxes.map((box) => box.right)) - left,
    height: Math.max(...boxes.map((box) => box.bottom)) - top,
  };
  const fit = (right: number, bottom: number) =>
    getViewportForBounds(bounds, canvas.width, canvas.height, zooms.least, zooms.most, {
      top: `${margin.side}px`,
      left: `${margin.side}px`,
      right: `${right}px`,
      bottom: `${bottom}px`,
    });
  const plain = fit(margin.side, margin.bottom);
  const hasOverview = canvas.width > smallest.width && canvas.height > smallest.height;
  if (!hasOverview || !boxes.some((box) => isCovered(box, plain, canvas))) return plain;
  const views = [fit(corner.width, margin.bottom), fit(margin.side, corner.height)];
  return views.reduce((best, view) => (view.zoom > best.zoom ? view : best));
}

function isCovered(box: Box, { x, y, zoom }: Viewport, canvas: Size): boolean {
  return box.right * zoom + x > canvas.width - corner.width && box.bottom * zoom + y > canvas.height - corner.height;
}
