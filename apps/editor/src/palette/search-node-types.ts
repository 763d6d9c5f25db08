import type { LocalisedText, NodeFamily, NodeTypeDescription } from '@kumiki/flow';

/** Families in the order in which a flow is drawn. */
export const familyOrder = [
  'input',
  'load',
  'chunk',
  'embed',
  'index',
  'retrieve',
  'model',
  'prompt',
  'generate',
  'dataset',
  'finetune',
  'logic',
  'output',
] as const satisfies readonly NodeFamily[];

export type Family = { readonly family: NodeFamily; readonly types: readonly NodeTypeDescription[] };

/** Whether every word of the query stands in the name, the description or the type, in either language. */
export function matchesQuery({ title, description, type }: NodeTypeDescription, query: string): boolean {
  const text = normalise([both(title), both(description), type].join(' '));
  return normalise(query)
    .split(' ')
    .every((word) => text.includes(word));
}

/** Node types by family; families without a match are left out. */
export function groupNodeTypes(types: Iterable<NodeTypeDescription>, query: string): readonly Family[] {
  const byFamily = Map.groupBy(types, ({ family }) => family);
  return familyOrder.flatMap((family) => {
    const found = (byFamily.get(family) ?? []).filter((description) => matchesQuery(description, query));
    return found.length === 0 ? [] : [{ family, types: found }];
  });
}

function both({ en, ja }: LocalisedText): string {
  return `${en} ${ja}`;
}

/** Full-width letters, half-width kana and case make no difference. */
function normalise(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
}
