import type { LocalisedText, Problem } from '@kumiki/flow';
import type { ErrorReport, RunState } from '../../run/run-state.ts';

/** What a person can do about a problem right from the list. */
export type Remedy =
  | { readonly remedy: 'show-node'; readonly node: string }
  | { readonly remedy: 'open-setting'; readonly node: string; readonly setting: string }
  | { readonly remedy: 'remove-wire'; readonly edge: number }
  | { readonly remedy: 'remove-node'; readonly node: string }
  | { readonly remedy: 'build' }
  | { readonly remedy: 'ask-again' }
  | { readonly remedy: 'open-models' }
  | { readonly remedy: 'open-collections' };

export type ListedProblem = {
  readonly key: string;
  readonly severity: 'error' | 'warning';
  /** The node at fault, where there is one. */
  readonly node: string | null;
  /** A document of the node, where only that one is at fault. */
  readonly document: string | null;
  readonly message: LocalisedText;
  readonly source: 'flow' | RunState['kind'];
  readonly remedies: readonly Remedy[];
};

/** Of documents that could not be read, so many are listed one by one; the inspector has them all. */
const listedDocuments = 5;

/**
 * All that is wrong with a flow and with its shown runs, errors first. A node's own error takes the place of the
 * run's, which only repeats it.
 */
export function listProblems(
  problems: readonly Problem[],
  runs: readonly (RunState | null)[],
  moreDocuments: (number: number) => LocalisedText,
): readonly ListedProblem[] {
  const all = [
    ...problems.map(listFlowProblem),
    ...runs.flatMap((run) => (run === null ? [] : listRunProblems(run, moreDocuments))),
  ];
  return [
    ...all.filter(({ severity }) => severity === 'error'),
    ...all.filter(({ severity }) => severity === 'warning'),
  ];
}

function listFlowProblem(problem: Problem, place: number): ListedProblem {
  const { severity, node, path, code, message } = problem;
  return {
    key: `flow ${code} ${path} ${place}`,
    severity,
    node,
    document: null,
    message,
    source: 'flow',
    remedies: findFlowRemedies(problem),
  };
}

function findFlowRemedies({ code, node, path }: Problem): readonly Remedy[] {
  const show: readonly Remedy[] = node === null ? [] : [{ remedy: 'show-node', node }];
  const [area, id, part, setting] = path.split('/').slice(1);
  if (node !== null && area === 'nodes' && id === node && part === 'settings' && setting !== undefined) {
    return [{ remedy: 'open-setting', node, setting }];
  }
  if (area === 'edges' && id !== undefined) return [{ remedy: 'remove-wire', edge: Number(id) }, ...show];
  if (node !== null && (code === 'unknown-node-type' || code === 'unused-node')) {
    return [{ remedy: 'remove-node', node }, ...show];
  }
  return show;
}

function listRunProblems(run: RunState, moreDocuments: (number: number) => LocalisedText): readonly ListedProblem[] {
  const listed: ListedProblem[] = [];
  // A document that a loader could not read goes on as an error, and the index tells of it again.
  const told = new Set<string>();
  const add = (problem: Omit<ListedProblem, 'key' | 'source'>) =>
    listed.push({ ...problem, key: `${run.id} ${listed.length}`, source: run.kind });
  for (const [path, { error, warnings, documentErrors }] of Object.entries(run.nodes)) {
    const node = findDrawnNode(path);
    if (error !== null) {
      add({
        severity: 'error',
        node,
        document: null,
        message: error.message,
        remedies: findRunRemedies(error, node, run),
      });
    }
    for (const { message } of warnings) {
      add({ severity: 'warning', node, document: null, message, remedies: [{ remedy: 'show-node', node }] });
    }
    const untold = documentErrors.filter(({ id }) => !told.has(id));
    for (const { id } of untold) told.add(id);
    for (const { id, error: reason } of untold.slice(0, listedDocuments)) {
      add({
        severity: 'warning',
        node,
        document: id.slice(id.indexOf('/') + 1),
        message: reason.message,
        remedies: [{ remedy: 'open-collections' }],
      });
    }
    const more = untold.length - listedDocuments;
    if (more > 0) {
      add({
        severity: 'warning',
        node,
        document: null,
        message: moreDocuments(more),
        remedies: [{ remedy: 'show-node', node }],
      });
    }
  }
  const { error } = run;
  if (error !== null && !listed.some((problem) => problem.message.en === error.message.en)) {
    add({
      severity: 'error',
      node: error.node === null ? null : findDrawnNode(error.node),
      document: null,
      message: error.message,
      remedies: findRunRemedies(error, error.node === null ? null : findDrawnNode(error.node), run),
    });
  }
  return listed;
}

/** The node on the canvas that a node's path leads through: the nodes of a flow within this one are not drawn here. */
function findDrawnNode(path: string): string {
  return path.split('/', 1)[0] ?? path;
}

function findRunRemedies(error: ErrorReport, node: string | null, run: RunState): readonly Remedy[] {
  const show: readonly Remedy[] = node === null ? [] : [{ remedy: 'show-node', node }];
  if (error.code === 'not-built') return [{ remedy: 'build' }, ...show];
  if (error.code.startsWith('model-')) return [{ remedy: 'open-models' }, ...show];
  if (error.retryable) return [{ remedy: run.kind === 'build' ? 'build' : 'ask-again' }, ...show];
  return show;
}
