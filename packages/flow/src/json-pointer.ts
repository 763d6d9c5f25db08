/** A JSON pointer (RFC 6901) from its steps: `/nodes/search/settings/limit`. */
export function formatJsonPointer(steps: readonly (string | number)[]): string {
  return steps.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
