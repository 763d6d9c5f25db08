import { jointDepth, nodeWidth, portOffset } from './node-geometry.ts';

const cut = 4.5;
const halfJoint = 7;

/**
 * The outline of a node: cut corners, a mortise for every input, a tenon for every output. Coordinates lie on half
 * pixels, so that the line is sharp at 100%.
 */
export function drawOutline(height: number, inputs: number, outputs: number): string {
  const left = 0.5;
  const right = nodeWidth - 0.5;
  const bottom = height - 0.5;
  const tenons = joints(outputs).map(([top, end]) => `V${top}H${right + jointDepth}V${end}H${right}`);
  const mortises = joints(inputs)
    .reverse()
    .map(([top, end]) => `V${end}H${left + jointDepth}V${top}H${left}`);
  return [
    `M${left + cut} .5H${right - cut}L${right} ${0.5 + cut}`,
    ...tenons,
    `V${bottom - cut}L${right - cut} ${bottom}H${left + cut}L${left} ${bottom - cut}`,
    ...mortises,
    `V${0.5 + cut}Z`,
  ].join('');
}

/** The tinted head, inside the outline. */
export const headShape = `M5.4 1H${nodeWidth - 5.4}L${nodeWidth - 1} 5.4V24H1V5.4Z`;

function joints(count: number): (readonly [top: number, end: number])[] {
  return Array.from({ length: count }, (_, row) => [portOffset(row) - halfJoint, portOffset(row) + halfJoint]);
}
