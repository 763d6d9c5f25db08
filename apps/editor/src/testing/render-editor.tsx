import type { FlowDocument, NodeTypeDescriptions } from '@kumiki/flow';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import { ReactFlowProvider } from '@xyflow/react';
import i18next from 'i18next';
import type { ReactNode } from 'react';
import { type OpenFlow, OpenFlowContext } from '../flow/flow-context.tsx';
import { createFlowStore } from '../flow/flow-store.ts';
import { startTexts } from '../i18n/i18n.ts';
import type { RunControl } from '../run/run-control.ts';
import { createRunStore } from '../run/run-store.ts';
import { useAppearance } from '../theme/appearance.ts';
import { testDocument, testTypes } from './test-flow.ts';

/** Browser parts that jsdom lacks; nothing is measured in these tests. */
function fillGaps(): void {
  globalThis.ResizeObserver ??= class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
  globalThis.DOMMatrixReadOnly ??= class {
    m22 = 1;
  } as unknown as typeof DOMMatrixReadOnly;
  globalThis.matchMedia ??= ((media: string) => ({
    matches: false,
    media,
    onchange: null,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    addListener: () => undefined,
    removeListener: () => undefined,
    dispatchEvent: () => false,
  })) as typeof matchMedia;
  Element.prototype.scrollIntoView ??= () => undefined;
}

/** Shows a part of the editor on a flow of its own, in Japanese, without a server. */
export async function renderEditor(
  part: ReactNode,
  document: FlowDocument = testDocument,
  control: Partial<RunControl> = {},
  nodeTypes: NodeTypeDescriptions = testTypes,
) {
  fillGaps();
  useAppearance.setState({ language: 'ja', theme: 'light' });
  if (!i18next.isInitialized) await startTexts();
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
  const view = render(
    <MantineProvider>
      <QueryClientProvider client={queries}>
        <OpenFlowContext value={open}>
          <ReactFlowProvider>{part}</ReactFlowProvider>
        </OpenFlowContext>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { ...view, flow, runs, queries };
}
