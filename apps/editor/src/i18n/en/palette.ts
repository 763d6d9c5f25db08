import type { Texts } from '../texts.ts';

export const palette: Texts['palette'] = {
  find: 'Find a node',
  nothing: 'No node matches “{{query}}”.',
  nothingFits: 'No node fits here.',
  fits: 'Nodes that take {{kind}}',
  feeds: 'Nodes that give {{kind}}',
  addHint: 'Click or press Enter to add it, or drag it to its place.',
  present: 'Nodes in this flow',
  presentPort: '{{port}} of {{node}}',
  legend: 'Port kinds',
  types: ', {{number}} node types',
};
