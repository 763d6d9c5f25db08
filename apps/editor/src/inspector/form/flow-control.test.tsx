import { type FlowDocument, type JsonValue, type NodeTypeDescription, readNamedFlows } from '@kumiki/flow';
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { flowsQuery, versionsQuery } from '../../api/flows.ts';
import { renderEditor } from '../../testing/render-editor.tsx';
import { describeType, testDocument, testTypes } from '../../testing/test-flow.ts';
import { readFields } from './read-fields.ts';
import { SettingsForm } from './settings-form.tsx';

afterEach(cleanup);

const title = (ja: string) => ({ title: { en: ja, ja } });
const description: NodeTypeDescription = {
  ...describeType('logic/map', {}),
  settingsSchema: {
    type: 'object',
    properties: {
      flow: { type: 'string' },
      version: { type: 'integer' },
      output: { type: 'string', default: 'answer' },
      item: { type: 'string', default: '' },
    },
    required: ['flow', 'version'],
  },
  settingTexts: {
    flow: title('フロー'),
    version: title('版'),
    output: title('出力'),
    item: title('要素を受け取る入力'),
  },
  portRules: [{ rule: 'named-flow', flow: 'flow', version: 'version', output: 'output', item: 'item' }],
};

const node = (type: string, name: string) => ({ type, version: 1, settings: { name }, position: { x: 0, y: 0 } });
const named: FlowDocument = {
  ...testDocument,
  nodes: {
    q: node('input', 'question'),
    tone: node('input', 'tone'),
    a: node('output', 'answer'),
    b: node('output', 'short'),
  },
  edges: [
    { from: 'q.value', to: 'a.value' },
    { from: 'tone.value', to: 'b.value' },
  ],
};

const flow = (id: string, name: string, latestVersion: number | null) => ({
  ...{ id, name, latestVersion, revision: 1, nodes: 3, latestBuild: null },
  ...{ createdAt: '2026-11-01T00:00:00Z', updatedAt: '2026-11-01T00:00:00Z' },
});

async function renderForm(settings: Record<string, JsonValue>) {
  const onChange = vi.fn();
  const editor = await renderEditor(
    <SettingsForm
      node="each"
      description={description}
      settings={settings}
      problems={[]}
      onChange={onChange}
      onLeave={() => undefined}
    />,
    testDocument,
    {},
    new Map(testTypes).set('logic/map', description),
  );
  const { queries, flow: store } = editor;
  const items = [flow('flow', 'このフロー', 1), flow('help', '問い合わせ', 3), flow('fresh', '新しいフロー', null)];
  queries.setQueryData(flowsQuery.queryKey, { pages: [{ items, next: null }], pageParams: [null] });
  const versions = [3, 2, 1].map((number) => ({ number, nodes: 4, createdAt: '2026-11-01T00:00:00Z' }));
  queries.setQueryData(versionsQuery('help').queryKey, { items: versions, next: null });
  store.getState().learnFlows(readNamedFlows(new Map([['help@3', named]]), testTypes));
  return { onChange };
}

/** Opens a list, and gives its choices by what they say. */
async function openList(label: RegExp): Promise<(name: string | RegExp) => HTMLElement> {
  fireEvent.click(await screen.findByLabelText(label));
  await waitFor(() => expect(screen.queryAllByRole('option', { hidden: true }).length).toBeGreaterThan(0));
  return (name) => screen.getByRole('option', { name, hidden: true });
}

test('each setting that says which flow has a list of what there is', () => {
  expect(readFields(description).map(({ name, control }) => [name, control])).toEqual([
    ['flow', 'flow'],
    ['version', 'flow'],
    ['output', 'flow'],
    ['item', 'flow'],
  ]);
});

test('a flow is chosen with its newest version, and what was chosen of another is forgotten', async () => {
  const { onChange } = await renderForm({ flow: 'old', version: 8, output: 'other' });
  const choice = await openList(/^フロー/);
  expect(screen.queryByRole('option', { name: 'このフロー', hidden: true })).toBeNull();
  fireEvent.click(choice(/^新しいフロー/));
  expect(onChange).not.toHaveBeenCalled();
  fireEvent.click(choice('問い合わせ'));
  expect(onChange).toHaveBeenCalledWith({ flow: 'help', version: 3, output: undefined, item: undefined });
});

test('versions, outputs and inputs are those of the flow', async () => {
  const { onChange } = await renderForm({ flow: 'help', version: 3 });
  fireEvent.click((await openList(/^版/))('版 2'));
  expect(onChange).toHaveBeenLastCalledWith({ version: 2 });
  fireEvent.click((await openList(/^出力/))('short'));
  expect(onChange).toHaveBeenLastCalledWith({ output: 'short' });
  fireEvent.click((await openList(/^要素を/))('tone'));
  expect(onChange).toHaveBeenLastCalledWith({ item: 'tone' });
});
