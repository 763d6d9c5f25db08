import type { Build, Plan } from '@kumiki/engine';
import type { JsonValue } from '@kumiki/flow';
import type { BuildRow } from '@kumiki/store';
import { z } from 'zod';
import type { buildSchema } from '../contract/flows.ts';

type ResolvedModel = z.infer<typeof buildSchema>['models'][number];
type StoredModels = { readonly resolved: readonly ResolvedModel[]; readonly identities: Build['identities'] };

/** A build as the store keeps it: values, what they were made from, and the models that were resolved. */
export function storeBuild(build: Build, plan: Plan) {
  // Values of a build are JSON by the engine's promise; its types speak of port values.
  const nodes = build.nodes as unknown as Readonly<Record<string, JsonValue>>;
  const models: StoredModels = { resolved: findModels(build, plan), identities: build.identities };
  return {
    nodes,
    fingerprints: [...new Set(Object.values(build.nodes).map(({ fingerprint }) => fingerprint))],
    models: models as unknown as JsonValue,
  };
}

/** The edge back: what `storeBuild` wrote. */
export function readStoredBuild(row: BuildRow): Build {
  const models = row.models as unknown as StoredModels;
  return { nodes: row.nodes as unknown as Build['nodes'], identities: models.identities };
}

/** A build as the contract has it. */
export function describeBuild(row: BuildRow): z.infer<typeof buildSchema> {
  const models = row.models as unknown as StoredModels;
  return {
    number: row.number,
    version: row.version,
    run: row.runId ?? '',
    createdAt: row.createdAt.toISOString(),
    artifacts: Object.entries(readStoredBuild(row).nodes).map(([node, built]) => ({
      node,
      kind: built.nodeType,
      fingerprint: built.fingerprint,
      value: built.outputs,
      documents: countDocuments(built.outputs),
      stale: built.stale ?? false,
    })),
    models: [...models.resolved],
  };
}

const modelSchema = z.object({ host: z.string(), name: z.string(), digest: z.string().nullable() });
const indexSchema = z.object({ documents: z.int() });

function findModels(build: Build, plan: Plan): ResolvedModel[] {
  return plan.nodes.flatMap(({ id, outputs }) =>
    outputs.flatMap(({ name, kind }) => {
      if (kind !== 'chat-model' && kind !== 'embedding-model') return [];
      const model = modelSchema.safeParse(build.nodes[id]?.outputs[name]);
      return model.success ? [{ node: id, ...model.data }] : [];
    }),
  );
}

function countDocuments(outputs: Build['nodes'][string]['outputs']): number | null {
  for (const value of Object.values(outputs)) {
    const index = indexSchema.safeParse(value);
    if (index.success) return index.data.documents;
  }
  return null;
}
