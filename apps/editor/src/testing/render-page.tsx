import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  type RouteComponent,
  RouterProvider,
} from '@tanstack/react-router';
import { render } from '@testing-library/react';

import { prepareEnvironment } from './prepare-environment.ts';

/**
 * Shows a page in Japanese, without a server: what it would read is what `seed` puts into the queries, and what it
 * would write goes to the client's methods, which a test replaces.
 */
export async function renderPage(Page: RouteComponent, seed: (queries: QueryClient) => void) {
  await prepareEnvironment();
  const queries = new QueryClient({
    defaultOptions: { queries: { enabled: false, staleTime: Number.POSITIVE_INFINITY } },
  });
  seed(queries);
  const router = createRouter({
    routeTree: createRootRoute({ component: Page }),
    history: createMemoryHistory(),
    // Links lead to pages that are not here.
    defaultNotFoundComponent: () => null,
  });
  await router.load();
  const view = render(
    <MantineProvider>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { ...view, queries, router };
}
