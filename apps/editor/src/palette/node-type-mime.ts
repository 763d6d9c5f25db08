/** What a drag from the palette carries: the name of a node type. */
export const nodeTypeMime = 'application/x-kumiki-node-type';
