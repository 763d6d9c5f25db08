const pattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** What the contract takes as a slug. */
export function isSlug(text: string): boolean {
  return pattern.test(text);
}

/** A slug out of a flow's name; a Japanese name gives none, so then the flow's id does. */
export function suggestSlug(name: string, id: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '');
  return slug.length >= 3 ? slug : `flow-${id.slice(0, 8)}`;
}
