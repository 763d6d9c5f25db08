import type { Problem } from '@kumiki/flow';
import { expect, test } from 'vitest';
import { applyEvent, queuedRun } from '../../run/apply-event.ts';
import type { ErrorReport, RunEvent } from '../../run/run-state.ts';
import { listProblems } from './list-problems.ts';

const text = (en: string) => ({ en, ja: en });
const more = (number: number) => text(`${number} more`);

const problem = (over: Partial<Problem>): Problem => ({
  code: 'missing-input',
  severity: 'error',
  node: 'search',
  path: '/nodes/search',
  message: text('Connect it.'),
  ...over,
});

const report = (code: string, retryable = false): ErrorReport => ({
  code,
  message: text(code),
  retryable,
  node: 'embed',
  path: null,
});

const failedRun = (error: ErrorReport, documents = 0) => {
  const events: RunEvent[] = [
    {
      type: 'node-end',
      node: 'embed',
      state: 'failed',
      milliseconds: 1,
      counts: {},
      sample: {},
      usage: null,
      warnings: [{ code: 'reduced', message: text('Reduced.') }],
      documentErrors: Array.from({ length: documents }, (_, place) => ({
        id: `files/${place}.pdf`,
        error: report('document-damaged'),
      })),
      error,
    },
    {
      type: 'run-end',
      state: 'failed',
      outputs: null,
      usage: null,
      error,
      build: null,
      at: '2026-11-23T09:00:00.000Z',
    },
  ];
  return events.reduce((run, event) => applyEvent(run, event, 0), queuedRun('r', 'build'));
};

const remediesOf = (over: Partial<Problem>) => listProblems([problem(over)], [], more)[0]?.remedies;

test('errors stand before warnings, in the order in which they are found', () => {
  const listed = listProblems(
    [problem({ severity: 'warning', node: 'a' }), problem({ node: 'b' }), problem({ node: 'c' })],
    [],
    more,
  );
  expect(listed.map(({ node }) => node)).toEqual(['b', 'c', 'a']);
});

test('a problem of a setting leads to the setting, one of a wire removes it', () => {
  expect(remediesOf({ code: 'invalid-settings', path: '/nodes/search/settings/limit' })).toEqual([
    { remedy: 'open-setting', node: 'search', setting: 'limit' },
  ]);
  expect(remediesOf({ code: 'kind-mismatch', path: '/edges/3' })).toEqual([
    { remedy: 'remove-wire', edge: 3 },
    { remedy: 'show-node', node: 'search' },
  ]);
  expect(remediesOf({ code: 'unused-node', severity: 'warning' })?.[0]).toEqual({
    remedy: 'remove-node',
    node: 'search',
  });
  expect(remediesOf({ code: 'no-output', node: null, path: '' })).toEqual([]);
});

test("a node's error takes the place of the run's, which says the same", () => {
  const listed = listProblems([], [failedRun(report('model-host-down', true))], more);
  expect(listed.filter(({ severity }) => severity === 'error')).toHaveLength(1);
  expect(listed[0]).toMatchObject({ node: 'embed', source: 'build' });
  expect(listed[0]?.remedies[0]).toEqual({ remedy: 'open-models' });
});

test('what may go better the next time can be run again, what is not built can be built', () => {
  expect(listProblems([], [failedRun(report('busy', true))], more)[0]?.remedies[0]).toEqual({ remedy: 'build' });
  expect(listProblems([], [failedRun(report('not-built'))], more)[0]?.remedies[0]).toEqual({ remedy: 'build' });
});

test('documents are named one by one, and the rest of many by their number', () => {
  const listed = listProblems([], [failedRun(report('x'), 8)], more).filter(({ severity }) => severity === 'warning');
  expect(listed.filter(({ document }) => document !== null).map(({ document }) => document)).toEqual([
    '0.pdf',
    '1.pdf',
    '2.pdf',
    '3.pdf',
    '4.pdf',
  ]);
  expect(listed.at(-1)?.message.en).toBe('3 more');
});

test('a document that several nodes tell of is listed once', () => {
  const run = failedRun(report('x'), 1);
  const embed = run.nodes.embed;
  const twice =
    embed === undefined ? run : { ...run, nodes: { embed, index: { ...embed, warnings: [], error: null } } };
  const documents = listProblems([], [twice], more).filter(({ document }) => document !== null);
  expect(documents).toHaveLength(1);
});
