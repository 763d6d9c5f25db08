import type { FlowDocument, FlowNode, JsonValue } from '@kumiki/flow';
import { KumikiError, type NodeType } from '@kumiki/node-sdk';
import type { NodeTypes } from './plan.ts';

/**
 * Lifts every node's settings to its type's present version. The same document comes back where there was nothing to
 * do; nodes of unknown types and of newer versions stay as they are, for `checkFlow` to name.
 */
export function migrateSettings(document: FlowDocument, nodeTypes: NodeTypes): FlowDocument {
  const migrated: [string, FlowNode][] = [];
  for (const [id, node] of Object.entries(document.nodes)) {
    const type = nodeTypes.get(node.type);
    if (type === undefined || node.version >= type.description.version) continue;
    migrated.push([id, migrateNode(id, node, type)]);
  }
  if (migrated.length === 0) return document;
  return { ...document, nodes: { ...document.nodes, ...Object.fromEntries(migrated) } };
}

function migrateNode(id: string, node: FlowNode, { description, migrations }: NodeType): FlowNode {
  let settings: Record<string, JsonValue> = node.settings;
  for (let version = node.version; version < description.version; version += 1) {
    const step = migrations.find(({ from }) => from === version);
    if (step === undefined) {
      throw new KumikiError({
        code: 'settings-migration-missing',
        message: {
          en: `The settings of “${id}” are of version ${version}, which the type “${node.type}” can no longer read. Replace the node.`,
          ja: `「${id}」の設定はバージョン ${version} のもので、種類「${node.type}」では読めなくなっています。部品を置き換えてください。`,
        },
        status: 422,
        node: id,
      });
    }
    settings = step.migrate(settings);
  }
  return { ...node, version: description.version, settings };
}
