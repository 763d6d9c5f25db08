import type { FlowDocument, NodeTypeDescriptions } from '@kumiki/flow';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, createRootRoute, createRouter, RouterContextProvider } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import { ReactFlowProvider } from '@xyflow/react';
import type { ReactNode } from 'react';
import { type OpenFlow, OpenFlowContext } from '../flow/flow-context.tsx';
import { createFlowStore } from '../flow/flow-store.ts';
import type { RunControl } from '../run/run-control.ts';
import { createRunStore } from '../run/run-store.ts';
import { prepareEnvironment } from './prepare-environment.ts';
import { testDocument, testTypes } from './test-flow.ts';

/** Shows a part of the editor on a flow of its own, in Japanese, without a server. */
export async function renderEditor(
  part: ReactNode,
  document: FlowDocument = testDocument,
  control: Partial<RunControl> = {},
  nodeTypes: NodeTypeDescriptions = testTypes,
) {
  await prepareEnvironment();
  const flow = createFlowStore({ id: 'flow', document, revision: 1, nodeTypes });
  const runs = createRunStore();
  const open: OpenFlow = {
    flow,
    runs,
    autosave: { flush: async () => undefined, stop: () => undefined },
    control: {
      build: async () => 'build',
      ask: async () => 'question',
      stop: async () => undefined,
      replay: async () => undefined,
      dispose: () => undefined,
      ...control,
    },
  };
  // There is no server: lists stay as they are, and nothing tries to read them again.
  const queries = new QueryClient({ defaultOptions: { queries: { enabled: false } } });
  // For links; nothing is shown by it.
  const router = createRouter({ routeTree: createRootRoute(), history: createMemoryHistory() });
  const view = render(
    <MantineProvider>
      <QueryClientProvider client={queries}>
        <RouterContextProvider router={router}>
          <OpenFlowContext value={open}>
            <ReactFlowProvider>{part}</ReactFlowProvider>
          </OpenFlowContext>
        </RouterContextProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { ...view, flow, runs, queries };
}
