/** Chats carry text: a skipped arm says nothing, and any other value is written as JSON. */
export function formatChatText(output: unknown): string {
  if (output === null || output === undefined) return '';
  return typeof output === 'string' ? output : JSON.stringify(output);
}
