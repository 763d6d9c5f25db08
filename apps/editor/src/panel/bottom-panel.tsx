/** Ask, timeline and problems. */
export function BottomPanel() {
  return null;
}
