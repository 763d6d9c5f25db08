import type { Texts } from '../texts.ts';

export const secrets: Texts['secrets'] = {
  intro: 'Values that do not belong in a flow, such as keys of other services. Flows hold only their names.',
  new: 'New secret',
  replaceTitle: 'Replace the value of “{{name}}”',
  none: 'There are no secrets yet',
  noneText: 'A secret can be chosen in the settings of “HTTP request”. Its value is kept encrypted.',
  column: { name: 'Name', changed: 'Last change' },
  name: 'Name',
  nameExample: 'crm-token',
  nameHint: 'Letters, digits, hyphens and underscores; a letter first.',
  nameInvalid: 'Begin with a letter, and use only letters, digits, hyphens and underscores, 64 at most.',
  taken: 'There is a secret of this name. Saving replaces its value.',
  value: 'Value',
  valueHint: 'Kept encrypted, and never shown again.',
  replace: 'Replace',
  delete: 'Delete the secret “{{name}}”?',
  deleteText: 'Nodes that use it fail from their next run on. Its value cannot be brought back.',
};
