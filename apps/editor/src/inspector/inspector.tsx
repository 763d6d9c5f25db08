/** What is selected: its settings, what came in and what came out. */
export function Inspector() {
  return null;
}
