import type { NodeTypeDescription } from '@kumiki/flow';
import { queryOptions } from '@tanstack/react-query';
import { client } from './client.ts';
import { unwrap } from './problem.ts';

export type NodeTypes = ReadonlyMap<string, NodeTypeDescription>;

/** The node types of this server, by name. They change only when the server is replaced. */
export const nodeTypesQuery = queryOptions({
  queryKey: ['node-types'],
  queryFn: async ({ signal }): Promise<NodeTypes> => {
    const { items } = await unwrap(client.GET('/api/node-types', { signal }));
    // The contract leaves the shape of a description to packages/flow, which both sides are built from.
    return new Map((items as NodeTypeDescription[]).map((description) => [description.type, description]));
  },
  staleTime: Number.POSITIVE_INFINITY,
});
