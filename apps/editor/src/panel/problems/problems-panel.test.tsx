import type { FlowDocument } from '@kumiki/flow';
import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { ApiError } from '../../api/problem.ts';
import { useRefusals } from '../../flow/refusals.ts';
import { useInspectorFocus } from '../../inspector/inspector-focus.ts';
import { renderEditor } from '../../testing/render-editor.tsx';
import { testDocument } from '../../testing/test-flow.ts';
import { ProblemsPanel } from './problems-panel.tsx';

afterEach(() => {
  cleanup();
  useRefusals.setState({ document: null, problems: [] });
});

const sound: FlowDocument = {
  ...testDocument,
  nodes: {
    question: { type: 'input', version: 1, settings: { name: 'question' }, position: { x: 0, y: 0 } },
    answer: { type: 'output', version: 1, settings: { name: 'answer' }, position: { x: 0, y: 0 } },
  },
  edges: [{ from: 'question.value', to: 'answer.value' }],
};

test('a sound flow says that nothing is wrong', async () => {
  await renderEditor(<ProblemsPanel />, sound);
  expect(screen.getByText('問題はありません。')).toBeTruthy();
});

test('a problem leads to its node', async () => {
  const { flow } = await renderEditor(<ProblemsPanel />, { ...sound, edges: [] });
  const item = screen.getAllByRole('listitem').find((candidate) => candidate.textContent?.includes('output'));
  fireEvent.click(within(item ?? document.body).getByRole('button', { name: '部品を表示' }));
  expect([...flow.getState().selected]).toEqual(['answer']);
});

test('a wire that cannot be is removed right here', async () => {
  const edges = [...sound.edges, { from: 'question.nothing', to: 'answer.value' }];
  const { flow } = await renderEditor(<ProblemsPanel />, { ...sound, edges });
  fireEvent.click(screen.getByRole('button', { name: '線を外す' }));
  expect(flow.getState().document.edges).toEqual(sound.edges);
});

test('what only the server sees is listed until the flow changes, and leads to the setting', async () => {
  const { flow } = await renderEditor(<ProblemsPanel />, sound);
  const message = { en: 'Set a name.', ja: '名前を設定してください。' };
  const error = new ApiError({
    code: 'flow-invalid',
    status: 422,
    texts: message,
    problems: [
      {
        code: 'missing-setting',
        severity: 'error',
        node: 'question',
        path: '/nodes/question/settings/name',
        message,
      },
    ],
  });
  act(() => useRefusals.getState().keep(flow.getState().document, error));
  expect(screen.getByText(message.ja)).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: '設定を開く' }));
  expect(useInspectorFocus.getState().wanted).toEqual({ node: 'question', setting: 'name' });
  act(() => flow.getState().changeSetting('question', 'name', 'asked'));
  expect(screen.queryByText(message.ja)).toBeNull();
});
