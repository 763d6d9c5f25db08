import type { FlowDocument, NodeTypeDescription } from '@kumiki/flow';
import { expect, test } from 'vitest';
import { createFlowStore } from './flow-store.ts';

const words = (text: string) => ({ en: text, ja: text });
const shared = {
  version: 1,
  behaviour: 1,
  effect: 'pure',
  description: words(''),
  settingTexts: {},
  settingRules: [],
  initial: {},
  initialTexts: {},
  headline: null,
  makesArtifact: false,
  perDocument: false,
  held: false,
} as const;
const switchType: NodeTypeDescription = {
  ...shared,
  type: 'logic/switch',
  family: 'logic',
  title: words('Switch'),
  settingsSchema: { type: 'object', properties: { cases: { type: 'array' } } },
  inputs: {},
  outputs: { else: { kind: 'text', title: words('else'), static: false } },
  portRules: [{ rule: 'outputs-from-list', setting: 'cases', property: 'name', like: 'else' }],
};

function open() {
  const node = (type: string, settings = {}) => ({ type, version: 1, settings, position: { x: 0, y: 0 } });
  const document: FlowDocument = {
    format: 'kumiki/flow@1',
    name: 'flow',
    nodes: { choose: node('logic/switch', { cases: [{ name: 'a' }, { name: 'b' }] }), answer: node('output') },
    edges: [
      { from: 'choose.a', to: 'answer.value' },
      { from: 'choose.else', to: 'answer.other' },
    ],
    notes: [],
    groups: [],
  };
  const flow = createFlowStore({ id: 'f', document, revision: 1, nodeTypes: new Map([['logic/switch', switchType]]) });
  const name = (...names: string[]) =>
    flow.getState().changeSettings('choose', { cases: names.map((one) => ({ name: one })) });
  return { name, wires: () => flow.getState().document.edges.map(({ from }) => from) };
}

test('a wire goes along when its output is renamed, letter by letter and through nothing at all', () => {
  const { name, wires } = open();
  name('s', 'b');
  name('spam', 'b');
  expect(wires()).toEqual(['choose.spam', 'choose.else']);
  name('', 'b');
  expect(wires()).toEqual(['choose.spam', 'choose.else']);
  name('ham', 'b');
  expect(wires()).toEqual(['choose.ham', 'choose.else']);
});

test('a wire stays where it is when another output takes its place, or the list grows', () => {
  const { name, wires } = open();
  name('b', 'a');
  expect(wires()).toEqual(['choose.a', 'choose.else']);
  name('b', 'a', 'c');
  expect(wires()).toEqual(['choose.a', 'choose.else']);
  name('b', 'c');
  expect(wires()).toEqual(['choose.a', 'choose.else']);
});
