import {
  canConnect,
  type FlowDocument,
  type FlowEdge,
  type JsonValue,
  type LocalisedText,
  type NamedFlows,
  type NodeTypeDescriptions,
  noNamedFlows,
  type Position,
  type Problem,
} from '@kumiki/flow';
import { temporal } from 'zundo';
import { createStore } from 'zustand/vanilla';
import { addMissingArms } from './add-missing-arms.ts';
import { cutOut, freeNoteId, insertPart } from './clipboard.ts';
import * as edits from './document-edits.ts';
import { edgeId } from './edge-id.ts';
import type { ArmKind } from './read-arms.ts';
import { renameOutputs } from './rename-outputs.ts';

export type SaveState =
  | { readonly state: 'saved'; readonly at: number }
  | { readonly state: 'saving' }
  | { readonly state: 'failed'; readonly error: unknown }
  /** Somebody else saved first; nothing is saved until a person has chosen. */
  | { readonly state: 'conflict' };

export type FlowState = {
  readonly id: string;
  readonly nodeTypes: NodeTypeDescriptions;
  /** The versions of other flows that nodes name, as far as they have been read. */
  readonly namedFlows: NamedFlows;
  readonly document: FlowDocument;
  /** The document as the server has it, under `revision`. Another object than `document`: something is unsaved. */
  readonly savedDocument: FlowDocument;
  readonly revision: number;
  readonly save: SaveState;
  /** Ids of nodes and notes. */
  readonly selected: ReadonlySet<string>;
  readonly selectedEdges: ReadonlySet<string>;
  /** Where nodes and notes are while they are dragged; they reach the document when they are dropped. */
  readonly dragged: ReadonlyMap<string, Position> | null;
} & FlowActions;

export type FlowActions = {
  /** Takes what has been read of the flows that nodes name. */
  learnFlows: (flows: NamedFlows) => void;
  addNode: (type: string, position: Position) => string | null;
  /** Adds a node and a wire between it and a port, as one step. */
  addConnectedNode: (type: string, position: Position, wire: (id: string) => FlowEdge) => string | null;
  connect: (edge: FlowEdge) => Problem | null;
  /** Moves an end of a wire to another port, as one step. */
  reconnect: (id: string, edge: FlowEdge) => Problem | null;
  disconnect: (ids: Iterable<string>) => void;
  drag: (positions: ReadonlyMap<string, Position>) => void;
  drop: () => void;
  moveItems: (positions: ReadonlyMap<string, Position>) => void;
  nudgeSelection: (by: Position) => void;
  deleteSelection: () => number;
  duplicateSelection: () => void;
  /** The selection as a document; null where nothing is selected. */
  copySelection: () => FlowDocument | null;
  /** Draws those of the four arms that the flow lacks, as one step; tells which they are. */
  addMissingArms: () => readonly ArmKind[];
  /** Puts a part in, its top left corner at `at`; beside its old place without. */
  paste: (part: FlowDocument, at?: Position) => void;
  changeSetting: (node: string, name: string, value: JsonValue | undefined) => void;
  /** Several settings of a node in one step of undo, such as a model and its host. */
  changeSettings: (node: string, changes: Readonly<Record<string, JsonValue | undefined>>) => void;
  renameNode: (node: string, title: string) => void;
  renameFlow: (name: string) => void;
  addNote: (position: Position) => string;
  changeNote: (id: string, text: string) => void;
  resizeNote: (id: string, size: { readonly width: number; readonly height: number }) => void;
  select: (items: Iterable<string>, edges?: Iterable<string>) => void;
  selectAll: () => void;
  undo: () => void;
  redo: () => void;
  /** Ends a run of typing, so that what comes next is an undo step of its own. */
  endTyping: () => void;
  /** The server has `document` under `revision` now. */
  markSaved: (document: FlowDocument, revision: number) => void;
  setSave: (save: SaveState) => void;
  /** Takes what the server has instead of what is here; there is nothing to undo afterwards. */
  replace: (document: FlowDocument, revision: number) => void;
  /** Goes on from a revision that somebody else saved, keeping what is here. */
  adoptRevision: (revision: number) => void;
};

export type FlowStore = ReturnType<typeof createFlowStore>;

type Opened = {
  readonly id: string;
  readonly document: FlowDocument;
  readonly revision: number;
  readonly nodeTypes: NodeTypeDescriptions;
  readonly now?: () => number;
  /** In which language a new node gets its texts; Japanese unless said. */
  readonly readLanguage?: () => keyof LocalisedText;
};

/** Typing in one field within this time, in milliseconds, is one step of undo. */
const typingPause = 1_500;
const pasteOffset: Position = { x: 24, y: 24 };

/** One open flow: its document and what a person does to it. Knows neither React nor the server. */
export function createFlowStore({
  id,
  document,
  revision,
  nodeTypes,
  now = Date.now,
  readLanguage = () => 'ja',
}: Opened) {
  /** The field being typed in, and when it was last typed in. */
  let typing: { readonly field: string; readonly at: number } | null = null;

  const store = createStore<FlowState>()(
    temporal(
      (set, get) => {
        /** Every change of the document goes through here. `field` joins what is typed into one undo step. */
        const edit = (change: (document: FlowDocument) => FlowDocument, field: string | null = null) => {
          const before = get().document;
          const after = change(before);
          if (after === before) return;
          const goesOn = field !== null && typing?.field === field && now() - typing.at < typingPause;
          typing = field === null ? null : { field, at: now() };
          const history = store.temporal.getState();
          if (goesOn) history.pause();
          set({ document: after });
          if (goesOn) history.resume();
        };

        return {
          id,
          nodeTypes,
          namedFlows: noNamedFlows,
          document,
          savedDocument: document,
          revision,
          save: { state: 'saved', at: now() },
          selected: new Set(),
          selectedEdges: new Set(),
          dragged: null,

          learnFlows: (namedFlows) => set({ namedFlows }),
          addNode: (type, position) => {
            const description = nodeTypes.get(type);
            if (description === undefined) return null;
            const fresh = edits.freeNodeId(takenIds(get().document), type);
            edit((current) => edits.putNode(current, fresh, edits.makeNode(description, position, readLanguage())));
            get().select([fresh]);
            return fresh;
          },
          addConnectedNode: (type, position, wire) => {
            const description = nodeTypes.get(type);
            if (description === undefined) return null;
            const fresh = edits.freeNodeId(takenIds(get().document), type);
            edit((current) => {
              const withNode = edits.putNode(current, fresh, edits.makeNode(description, position, readLanguage()));
              const edge = wire(fresh);
              return canConnect(withNode, nodeTypes, edge, get().namedFlows) === null
                ? edits.addEdge(withNode, edge)
                : withNode;
            });
            get().select([fresh]);
            return fresh;
          },
          connect: (edge) => {
            const problem = canConnect(get().document, nodeTypes, edge, get().namedFlows);
            if (problem === null) edit((current) => edits.addEdge(current, edge));
            return problem;
          },
          reconnect: (old, edge) => {
            const without = edits.removeEdges(get().document, new Set([old]));
            const problem = canConnect(without, nodeTypes, edge, get().namedFlows);
            if (problem === null) edit(() => edits.addEdge(without, edge));
            return problem;
          },
          disconnect: (ids) => edit((current) => edits.removeEdges(current, new Set(ids))),
          drag: (positions) => set({ dragged: new Map([...(get().dragged ?? []), ...positions]) }),
          drop: () => {
            const { dragged } = get();
            if (dragged === null) return;
            set({ dragged: null });
            edit((current) => edits.placeItems(current, dragged));
          },
          moveItems: (positions) => edit((current) => edits.placeItems(current, positions)),
          nudgeSelection: (by) => {
            const { selected } = get();
            const positions = listItems(get().document)
              .filter(([item]) => selected.has(item))
              .map(([item, { x, y }]) => [item, { x: x + by.x, y: y + by.y }] as const);
            edit((current) => edits.placeItems(current, new Map(positions)), 'nudge');
          },
          deleteSelection: () => {
            const { selected, selectedEdges, document: before } = get();
            edit((current) => edits.removeItems(edits.removeEdges(current, selectedEdges), selected));
            get().select([]);
            return countItems(before) - countItems(get().document);
          },
          duplicateSelection: () => {
            const part = get().copySelection();
            if (part !== null) get().paste(part);
          },
          copySelection: () => {
            const part = cutOut(get().document, get().selected);
            return countItems(part) === 0 ? null : part;
          },
          paste: (part, at) => {
            const corner = findCorner(part);
            const offset = at === undefined ? pasteOffset : { x: at.x - corner.x, y: at.y - corner.y };
            let inserted: readonly string[] = [];
            edit((current) => {
              const insertion = insertPart(current, part, offset);
              inserted = insertion.inserted;
              return insertion.document;
            });
            get().select(inserted);
          },
          addMissingArms: () => {
            const drawn = addMissingArms(get(), readLanguage());
            if (drawn === null) return [];
            edit(() => drawn.document);
            get().select(drawn.added);
            return drawn.arms;
          },
          changeSetting: (node, name, value) =>
            edit((current) => edits.setSetting(current, { node, name, value }), `setting ${node} ${name}`),
          changeSettings: (node, changes) =>
            edit(
              (current) => {
                const changed = Object.entries(changes).reduce(
                  (edited, [name, value]) => edits.setSetting(edited, { node, name, value }),
                  current,
                );
                const description = nodeTypes.get(current.nodes[node]?.type ?? '');
                return description === undefined ? changed : renameOutputs(current, changed, node, description);
              },
              `setting ${node} ${Object.keys(changes).join(' ')}`,
            ),
          renameNode: (node, title) => edit((current) => edits.setTitle(current, node, title), `title ${node}`),
          renameFlow: (name) => {
            const trimmed = name.trim();
            if (trimmed === '') return;
            edit((current) => (current.name === trimmed ? current : { ...current, name: trimmed }), 'name');
          },
          addNote: (position) => {
            const fresh = freeNoteId(takenIds(get().document));
            const note = { id: fresh, text: '', position: edits.snap(position) };
            edit((current) => ({ ...current, notes: [...current.notes, note] }));
            get().select([fresh]);
            return fresh;
          },
          changeNote: (note, text) =>
            edit(
              (current) => edits.changeNote(current, note, (old) => (old.text === text ? old : { ...old, text })),
              `note ${note}`,
            ),
          resizeNote: (note, size) => edit((current) => edits.changeNote(current, note, (old) => ({ ...old, size }))),

          select: (items, chosenEdges = []) => {
            const selected = new Set(items);
            const selectedEdges = new Set(chosenEdges);
            const same = sameSet(selected, get().selected) && sameSet(selectedEdges, get().selectedEdges);
            if (!same) set({ selected, selectedEdges });
          },
          selectAll: () => {
            const current = get().document;
            get().select(
              listItems(current).map(([item]) => item),
              current.edges.map(edgeId),
            );
          },
          undo: () => {
            typing = null;
            store.temporal.getState().undo();
            get().select(get().selected);
          },
          redo: () => {
            typing = null;
            store.temporal.getState().redo();
          },
          endTyping: () => {
            typing = null;
          },

          markSaved: (savedDocument, savedRevision) =>
            set({ savedDocument, revision: savedRevision, save: { state: 'saved', at: now() } }),
          setSave: (save) => set({ save }),
          replace: (next, nextRevision) => {
            typing = null;
            set({
              document: next,
              savedDocument: next,
              revision: nextRevision,
              save: { state: 'saved', at: now() },
              selected: new Set(),
              selectedEdges: new Set(),
              dragged: null,
            });
            store.temporal.getState().clear();
          },
          adoptRevision: (nextRevision) => set({ revision: nextRevision, save: { state: 'saved', at: now() } }),
        };
      },
      {
        partialize: ({ document: tracked }) => ({ document: tracked }),
        equality: (past, current) => past.document === current.document,
        limit: 200,
      },
    ),
  );
  return store;
}

/** Whether the server lacks something of what is on the canvas. */
export function isUnsaved({ document, savedDocument }: FlowState): boolean {
  return document !== savedDocument;
}

function takenIds(document: FlowDocument): { has(id: string): boolean } {
  return { has: (id) => id in document.nodes || document.notes.some((note) => note.id === id) };
}

function listItems(document: FlowDocument): readonly (readonly [string, Position])[] {
  return [
    ...Object.entries(document.nodes).map(([id, { position }]) => [id, position] as const),
    ...document.notes.map(({ id, position }) => [id, position] as const),
  ];
}

function countItems(document: FlowDocument): number {
  return Object.keys(document.nodes).length + document.notes.length;
}

function findCorner(document: FlowDocument): Position {
  const positions = listItems(document).map(([, position]) => position);
  return {
    x: Math.min(...positions.map(({ x }) => x)),
    y: Math.min(...positions.map(({ y }) => y)),
  };
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((item) => b.has(item));
}
