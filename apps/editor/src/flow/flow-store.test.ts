import type { NodeTypeDescription } from '@kumiki/flow';
import { expect, test } from 'vitest';
import { openTestFlow, testDocument, testTypes } from '../testing/test-flow.ts';
import { readClipboard, writeClipboard } from './clipboard.ts';
import { createFlowStore, isUnsaved } from './flow-store.ts';

test('opening a flow, selecting and looking around leaves it unchanged', () => {
  const flow = openTestFlow();
  flow.getState().selectAll();
  flow.getState().select(['files']);
  expect(isUnsaved(flow.getState())).toBe(false);
  expect(flow.temporal.getState().pastStates).toHaveLength(0);
});

test('a new node has its texts in the language of whoever adds it', () => {
  const said = { en: 'Ask', ja: '質問' };
  const [type, description] = [...testTypes][0] ?? [];
  if (type === undefined || description === undefined) throw new Error('there are no types to test with');
  const nodeTypes = new Map([[type, { ...description, initialTexts: { title: said } }]]);
  const flow = createFlowStore({ id: 'f', document: testDocument, revision: 1, nodeTypes, readLanguage: () => 'en' });
  const id = flow.getState().addNode(type, { x: 0, y: 0 }) ?? '';
  expect(flow.getState().document.nodes[id]?.settings.title).toBe('Ask');
});

test('a node is added with its initial settings, on the grid, selected, and one undo takes it away', () => {
  const flow = openTestFlow();
  const id = flow.getState().addNode('chunk/recursive', { x: 100, y: 101 });
  expect(id).toBe('recursive');
  expect(flow.getState().document.nodes.recursive).toMatchObject({ position: { x: 102, y: 102 }, settings: {} });
  expect([...flow.getState().selected]).toEqual(['recursive']);
  flow.getState().undo();
  expect(flow.getState().document.nodes.recursive).toBeUndefined();
  expect(isUnsaved(flow.getState())).toBe(false);
});

test('a second node of a type gets a number', () => {
  const flow = openTestFlow();
  expect(flow.getState().addNode('load/files', { x: 0, y: 0 })).toBe('files-2');
});

test('a wire that fits is drawn; one of another kind is refused with a reason', () => {
  const flow = openTestFlow();
  flow.getState().addNode('chunk/recursive', { x: 200, y: 0 });
  expect(flow.getState().connect({ from: 'files.documents', to: 'recursive.documents' })).toBeNull();
  expect(flow.getState().connect({ from: 'question.value', to: 'recursive.documents' })?.code).toBe('kind-mismatch');
  expect(flow.getState().document.edges).toEqual([{ from: 'files.documents', to: 'recursive.documents' }]);
});

test('a node dropped from an open wire arrives connected, as one step', () => {
  const flow = openTestFlow();
  flow.getState().addConnectedNode('chunk/recursive', { x: 200, y: 0 }, (id) => ({
    from: 'files.documents',
    to: `${id}.documents`,
  }));
  expect(flow.getState().document.edges).toHaveLength(1);
  flow.getState().undo();
  expect(flow.getState().document.edges).toHaveLength(0);
  expect(Object.keys(flow.getState().document.nodes)).toEqual(['files', 'question']);
});

test('deleting a node takes its wires along, and undo brings both back', () => {
  const flow = openTestFlow();
  flow.getState().addNode('chunk/recursive', { x: 200, y: 0 });
  flow.getState().connect({ from: 'files.documents', to: 'recursive.documents' });
  flow.getState().select(['recursive']);
  expect(flow.getState().deleteSelection()).toBe(1);
  expect(flow.getState().document.edges).toEqual([]);
  flow.getState().undo();
  expect(flow.getState().document.edges).toHaveLength(1);
});

test('a drag is one step, however many places it passes', () => {
  const flow = openTestFlow();
  for (const x of [10, 40, 90, 121]) flow.getState().drag(new Map([['files', { x, y: 0 }]]));
  expect(isUnsaved(flow.getState())).toBe(false);
  flow.getState().drop();
  expect(flow.getState().document.nodes.files?.position).toEqual({ x: 120, y: 0 });
  flow.getState().undo();
  expect(flow.getState().document.nodes.files?.position).toEqual({ x: 0, y: 0 });
});

test('a click that drags nothing changes nothing', () => {
  const flow = openTestFlow();
  flow.getState().drag(new Map([['files', { x: 1, y: 1 }]]));
  flow.getState().drop();
  expect(isUnsaved(flow.getState())).toBe(false);
});

test('typing in a field is one step of undo until the field is left or a pause is made', () => {
  let now = 0;
  const flow = openTestFlow(() => now);
  const type = (value: string) => {
    now += 100;
    flow.getState().changeSetting('question', 'name', value);
  };
  for (const value of ['a', 'ab', 'abc']) type(value);
  flow.getState().endTyping();
  for (const value of ['abcd', 'abcde']) type(value);
  now += 60_000;
  type('x');
  const undone = () => {
    flow.getState().undo();
    return flow.getState().document.nodes.question?.settings.name;
  };
  expect([undone(), undone(), undone()]).toEqual(['abcde', 'abc', 'question']);
});

test('a setting that is taken away has its default again', () => {
  const flow = openTestFlow();
  flow.getState().changeSetting('question', 'name', undefined);
  expect(flow.getState().document.nodes.question?.settings).toEqual({});
});

test('copied nodes can be pasted into another flow, with the wires between them and under free ids', () => {
  const flow = openTestFlow();
  flow.getState().addNode('chunk/recursive', { x: 200, y: 0 });
  flow.getState().connect({ from: 'files.documents', to: 'recursive.documents' });
  flow.getState().select(['files', 'recursive']);
  const part = flow.getState().copySelection();
  const other = openTestFlow();
  const pasted = readClipboard(writeClipboard(part ?? expect.unreachable()));
  other.getState().paste(pasted ?? expect.unreachable(), { x: 600, y: 300 });
  expect(Object.keys(other.getState().document.nodes).sort()).toEqual(['files', 'files-2', 'question', 'recursive']);
  expect(other.getState().document.edges).toEqual([{ from: 'files-2.documents', to: 'recursive.documents' }]);
  expect(other.getState().document.nodes['files-2']?.position).toEqual({ x: 600, y: 300 });
  expect([...other.getState().selected].sort()).toEqual(['files-2', 'recursive']);
});

test('text that is no flow is not pasted', () => {
  expect(readClipboard('hello')).toBeNull();
  expect(readClipboard('{"format":"kumiki/flow@99","nodes":{}}')).toBeNull();
});

test('duplicating keeps the originals and selects the copies beside them', () => {
  const flow = openTestFlow();
  flow.getState().select(['question']);
  flow.getState().duplicateSelection();
  expect([...flow.getState().selected]).toEqual(['input']);
  expect(flow.getState().document.nodes.input?.position).toEqual({ x: 24, y: 204 });
});

test('a new title is trimmed; an empty one gives the name of the type back', () => {
  const flow = openTestFlow();
  flow.getState().renameNode('files', '  Help articles ');
  expect(flow.getState().document.nodes.files?.title).toBe('Help articles');
  flow.getState().renameNode('files', ' ');
  expect(flow.getState().document.nodes.files).not.toHaveProperty('title');
});

test('notes are added, written, moved and deleted like nodes', () => {
  const flow = openTestFlow();
  const note = flow.getState().addNote({ x: 12, y: 12 });
  flow.getState().changeNote(note, 'Web FAQ answers 403.');
  flow.getState().moveItems(new Map([[note, { x: 60, y: 60 }]]));
  expect(flow.getState().document.notes).toEqual([
    { id: note, text: 'Web FAQ answers 403.', position: { x: 60, y: 60 } },
  ]);
  flow.getState().select([note]);
  flow.getState().deleteSelection();
  expect(flow.getState().document.notes).toEqual([]);
});

test('an unknown node type adds nothing', () => {
  const none: ReadonlyMap<string, NodeTypeDescription> = new Map();
  const { id, document, revision } = openTestFlow().getState();
  const flow = createFlowStore({ id, document, revision, nodeTypes: none });
  expect(flow.getState().addNode('load/files', { x: 0, y: 0 })).toBeNull();
  expect(testTypes.size).toBeGreaterThan(3);
});
