import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { ReactFlowProvider } from '@xyflow/react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { flowQuery, saveFlow, versionQuery } from '../api/flows.ts';
import { type NodeTypes, nodeTypesQuery } from '../api/node-types.ts';
import { Canvas } from '../canvas/canvas.tsx';
import { startAutosave } from '../flow/autosave.ts';
import { type OpenFlow, OpenFlowContext, useOpenFlow } from '../flow/flow-context.tsx';
import { createFlowStore, isUnsaved } from '../flow/flow-store.ts';
import { followNamedFlows } from '../flow/follow-named-flows.ts';
import { useRefusals } from '../flow/refusals.ts';
import { Inspector } from '../inspector/inspector.tsx';
import { Palette } from '../palette/palette.tsx';
import { BottomPanel } from '../panel/bottom-panel.tsx';
import { createRunControl } from '../run/run-control.ts';
import { createRunStore } from '../run/run-store.ts';
import { useAppearance } from '../theme/appearance.ts';
import { ConflictDialog } from './conflict-dialog.tsx';
import { EditorFrame } from './editor-frame.tsx';
import { ErrorPage } from './error-page.tsx';
import { useLayout } from './layout-store.ts';
import { TopBar } from './top-bar.tsx';

const route = getRouteApi('/app/flows/$flowId');

/** Opens a flow: reads it and the node types, then shows the editor on stores of its own. */
export function EditorPage() {
  const { flowId } = route.useParams();
  const flow = useQuery(flowQuery(flowId));
  const types = useQuery(nodeTypesQuery);
  const error = flow.error ?? types.error;
  if (error !== null) return <ErrorPage error={error} />;
  if (flow.data === undefined || types.data === undefined) return null;
  return <OpenEditor key={flowId} opened={flow.data} types={types.data} />;
}

type Opened = { readonly id: string; readonly revision: number; readonly document: OpenedDocument };
type OpenedDocument = Parameters<typeof createFlowStore>[0]['document'];

function OpenEditor({ opened, types }: { readonly opened: Opened; readonly types: NodeTypes }) {
  const open = useOpenedFlow(opened, types);
  if (open === null) return null;
  return (
    <OpenFlowContext value={open}>
      <ReactFlowProvider>
        <EditorFrame
          top={<TopBar />}
          palette={<Palette />}
          canvas={<Canvas />}
          panel={<BottomPanel />}
          inspector={<Inspector />}
        />
      </ReactFlowProvider>
      <ConflictDialog />
      <LeaveGuard />
    </OpenFlowContext>
  );
}

/** The stores of an opened flow, with autosave and run events attached while the editor is shown. */
function useOpenedFlow(opened: Opened, types: NodeTypes): OpenFlow | null {
  const queries = useQueryClient();
  const [open, setOpen] = useState<OpenFlow | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a later read of the same flow must not replace the stores
  useEffect(() => {
    const flow = createFlowStore({
      ...opened,
      nodeTypes: types,
      readLanguage: () => useAppearance.getState().language,
    });
    const runs = createRunStore();
    const autosave = startAutosave(flow, saveFlow);
    const control = createRunControl({
      flow: opened.id,
      runs,
      flush: autosave.flush,
      onRefused: (error) => useRefusals.getState().keep(flow.getState().document, error),
      onBuildFailed: () => useLayout.getState().showTab('problems'),
      onEnd: () => void queries.invalidateQueries({ queryKey: ['flow', opened.id], predicate: isNotDraft }),
    });
    const unfollow = followNamedFlows(flow, async (named) => {
      return (await queries.fetchQuery(versionQuery(named.flow, named.version))).document;
    });
    setOpen({ flow, runs, autosave, control });
    return () => {
      unfollow();
      void autosave
        .flush()
        .catch(() => undefined)
        .finally(autosave.stop);
      control.dispose();
    };
  }, [opened.id, types, queries]);
  return open;
}

/** Lists below the flow are read again; the draft itself is not, since the store is ahead of it. */
function isNotDraft({ queryKey }: { readonly queryKey: readonly unknown[] }): boolean {
  return queryKey.length > 2;
}

/** Asks the browser to warn before a window with unsaved changes is closed. */
function LeaveGuard() {
  const { t } = useTranslation();
  const { flow } = useOpenFlow();
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (!isUnsaved(flow.getState())) return;
      event.preventDefault();
      event.returnValue = t('shell.unsavedLeave');
    };
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [flow, t]);
  return null;
}
