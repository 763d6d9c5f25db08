import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { ApiError } from './api/problem.ts';
import { queryClient } from './api/query-client.ts';
import { sessionQuery } from './api/session.ts';
import { ErrorPage, NotFoundPage } from './shell/error-page.tsx';
import { NoticeBar } from './shell/notice-bar.tsx';

const rootRoute = createRootRoute({
  component: () => (
    <>
      <Outlet />
      <NoticeBar />
    </>
  ),
  notFoundComponent: NotFoundPage,
  errorComponent: ({ error }) => <ErrorPage error={error} />,
});

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('./sign-in/sign-in-page.tsx'), 'SignInPage'),
});

/** Everything below wants somebody signed in; whoever is not is sent to the sign-in page. */
const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'app',
  beforeLoad: async () => {
    try {
      await queryClient.ensureQueryData(sessionQuery);
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) throw redirect({ to: '/sign-in' });
      throw error;
    }
  },
});

const homeRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/flows' });
  },
});

const flowsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/flows',
  component: lazyRouteComponent(() => import('./pages/flows-page.tsx'), 'FlowsPage'),
});

const editorRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/flows/$flowId',
  component: lazyRouteComponent(() => import('./shell/editor-page.tsx'), 'EditorPage'),
});

const collectionsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/collections',
  component: lazyRouteComponent(() => import('./pages/collections-page.tsx'), 'CollectionsPage'),
});

const collectionRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/collections/$collectionId',
  component: lazyRouteComponent(() => import('./pages/collection-page.tsx'), 'CollectionPage'),
});

const endpointsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/endpoints',
  component: lazyRouteComponent(() => import('./pages/endpoints-page.tsx'), 'EndpointsPage'),
});

const conversationsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/endpoints/$slug/conversations',
  component: lazyRouteComponent(() => import('./pages/conversations-page.tsx'), 'ConversationsPage'),
});

const conversationRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/endpoints/$slug/conversations/$name',
  component: lazyRouteComponent(() => import('./pages/conversation-page.tsx'), 'ConversationPage'),
});

const modelsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/models',
  component: lazyRouteComponent(() => import('./pages/models-page.tsx'), 'ModelsPage'),
});

const tunedModelsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/tuned-models',
  component: lazyRouteComponent(() => import('./pages/tuned-models-page.tsx'), 'TunedModelsPage'),
});

const tunedModelRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/tuned-models/$modelId',
  component: lazyRouteComponent(() => import('./pages/tuned-model-page.tsx'), 'TunedModelPage'),
});

const experimentsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/experiments',
  component: lazyRouteComponent(() => import('./experiments/experiments-page.tsx'), 'ExperimentsPage'),
});

const newExperimentRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/experiments/new',
  /** The flow whose arms are offered first. */
  validateSearch: ({ flow }: { readonly flow?: unknown }): { readonly flow?: string } =>
    typeof flow === 'string' ? { flow } : {},
  component: lazyRouteComponent(() => import('./experiments/new-experiment-page.tsx'), 'NewExperimentPage'),
});

const experimentRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/experiments/$experimentId',
  component: lazyRouteComponent(() => import('./experiments/experiment-page.tsx'), 'ExperimentPage'),
});

const labelsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/experiments/$experimentId/labels',
  component: lazyRouteComponent(() => import('./experiments/labels-page.tsx'), 'LabelsPage'),
});

const keysRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/keys',
  component: lazyRouteComponent(() => import('./pages/keys-page.tsx'), 'KeysPage'),
});

const schedulesRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/schedules',
  component: lazyRouteComponent(() => import('./pages/schedules-page.tsx'), 'SchedulesPage'),
});

const secretsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/secrets',
  component: lazyRouteComponent(() => import('./pages/secrets-page.tsx'), 'SecretsPage'),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    signInRoute,
    appRoute.addChildren([
      homeRoute,
      flowsRoute,
      editorRoute,
      collectionsRoute,
      collectionRoute,
      modelsRoute,
      tunedModelsRoute,
      tunedModelRoute,
      experimentsRoute,
      newExperimentRoute,
      experimentRoute,
      labelsRoute,
      endpointsRoute,
      conversationsRoute,
      conversationRoute,
      schedulesRoute,
      keysRoute,
      secretsRoute,
    ]),
  ]),
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
