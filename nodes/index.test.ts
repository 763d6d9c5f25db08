import { flowDocumentSchema, flowFormat, type JsonValue, type NodeTypeDescription, readGraph } from '@kumiki/flow';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { nodeTypes } from './index.ts';

/** Settings of a new node: Japanese, then English. */
function readInitials({ initial, initialTexts }: NodeTypeDescription): readonly Record<string, JsonValue>[] {
  return (['ja', 'en'] as const).map((language) => ({
    ...initial,
    ...Object.fromEntries(Object.entries(initialTexts).map(([name, text]) => [name, text[language]])),
  }));
}

describe('the node types', () => {
  it('have one name each', () => {
    const names = nodeTypes.map(({ description }) => description.type);
    expect(new Set(names).size).toBe(names.length);
  });

  describe.each(nodeTypes.map((nodeType) => [nodeType.description.type, nodeType] as const))(
    '%s',
    (_type, nodeType) => {
      const { description } = nodeType;
      const settingNames = Object.keys(nodeType.settings.shape);

      it('says what it is and what each setting is, in both languages', () => {
        const texts = [
          description.title,
          description.description,
          ...[...Object.values(description.inputs), ...Object.values(description.outputs)].map(({ title }) => title),
          ...Object.values(description.settingTexts)
            .flatMap((text) => [text, ...Object.values(text.entries ?? {})])
            .flatMap((text) => [
              text.title,
              ...(text.description === undefined ? [] : [text.description]),
              ...Object.values(text.options ?? {}),
            ]),
        ];
        for (const { en, ja } of texts) expect([en.trim(), ja.trim()]).not.toContain('');
        expect(Object.keys(description.settingTexts).toSorted()).toEqual(settingNames.toSorted());
      });

      it('starts a new node with settings that fit, but for those that only a person knows', () => {
        for (const initial of readInitials(description)) {
          const { success, error } = nodeType.settings.safeParse(initial);
          const missing = success ? [] : error.issues.map(({ path }) => path.join('.'));
          for (const name of missing) expect(Object.keys(initial)).not.toContain(name);
        }
      });

      it('keeps the meaning of absent settings: each default fits its own schema', () => {
        // Without the checks across settings, which a new node may fail until somebody has chosen.
        const settings = z.object(nodeType.settings.shape).partial();
        for (const initial of readInitials(description)) {
          const parsed = settings.parse(initial);
          expect(settings.parse(parsed)).toEqual(parsed);
        }
      });

      it('has the same ports when new, in whatever language it was added', () => {
        const node = { type: description.type, version: 1, position: { x: 0, y: 0 } };
        const [ja, en] = readInitials(description).map((settings) => {
          const document = { format: flowFormat, name: 'new', nodes: { one: { ...node, settings } }, edges: [] };
          return readGraph(flowDocumentSchema.parse(document), new Map([[description.type, description]])).nodes;
        });
        expect(ja?.get('one')?.ports).toEqual(en?.get('one')?.ports);
      });

      it('is described as plain JSON', () => {
        expect(JSON.parse(JSON.stringify(description))).toEqual(description);
      });
    },
  );
});
