import { fileURLToPath } from 'node:url';
import { KumikiError } from '@kumiki/node-sdk';
import { nameDatabaseError } from '@kumiki/store';
import type { HonoRequest } from 'hono';
import { requireApiCaller, requireEndpointCaller } from './access/require-caller.ts';
import { serveEditor } from './http/editor-files.ts';
import { type App, createApp } from './http/environment.ts';
import { addSecurityHeaders, checkHost, checkOrigin } from './http/guard.ts';
import { limitBody } from './http/limit-body.ts';
import { describeOpenAiError, isOpenAiRoute } from './http/openai-error.ts';
import { answerProblem, describeProblem, describeRetry } from './http/problem.ts';
import { requireRoom } from './http/require-room.ts';
import { addBuildRoutes } from './routes/builds.ts';
import { addCollectionRoutes } from './routes/collections.ts';
import { addConversationRoutes } from './routes/conversations.ts';
import { addDataRoutes } from './routes/data.ts';
import { addEndpointRoutes } from './routes/endpoints.ts';
import { addExperimentRoutes } from './routes/experiments.ts';
import { addFileRoutes } from './routes/files.ts';
import { addFlowRoutes } from './routes/flows.ts';
import { addKeyRoutes, addSecretRoutes } from './routes/keys.ts';
import { addModelRoutes } from './routes/models.ts';
import { addQuestionSetRoutes } from './routes/question-sets.ts';
import { addRunRoutes } from './routes/runs.ts';
import { addScheduleRoutes } from './routes/schedules.ts';
import { addOpenRoutes, addSystemRoutes } from './routes/system.ts';
import { addTrainingRoutes } from './routes/training.ts';
import { addTunedModelRoutes } from './routes/tuned-models.ts';
import { addChatRoutes } from './routes/v1-chat.ts';
import { addEndpointCallRoutes } from './routes/v1-endpoints.ts';
import { addOwnRunRoutes } from './routes/v1-runs.ts';
import type { Workbench } from './workbench.ts';

const editorFolder = fileURLToPath(new URL('../../editor/dist', import.meta.url));

/** Everything that the process answers, without listening. */
export function createApplication(workbench: Workbench): App {
  const { configuration, callers, log } = workbench;
  const app = createApp();

  app.onError((thrown, context) => {
    const error = nameDatabaseError(thrown);
    const { status, code } = describeProblem(error, undefined);
    const cause = error instanceof KumikiError ? error.cause : error;
    if (status >= 500) log.error({ code, path: context.req.path, error: cause ?? error }, 'a request failed');
    return answerError(error, context.req);
  });
  app.notFound((context) => answerError(refuseUnknownRoute(), context.req));

  app.use(addSecurityHeaders(configuration.publicUrl));
  app.use(checkHost(configuration));
  app.use(checkOrigin(configuration));
  app.use(limitBody());
  if (workbench.room !== null) app.use(requireRoom(workbench.room));
  addOpenRoutes(app, workbench);
  app.use('/api/*', requireApiCaller(callers));
  app.use('/v1/*', requireEndpointCaller(callers));
  addSystemRoutes(app, workbench);
  addFlowRoutes(app, workbench);
  addCollectionRoutes(app, workbench);
  addFileRoutes(app, workbench);
  addDataRoutes(app, workbench);
  addKeyRoutes(app, workbench);
  addSecretRoutes(app, workbench);
  addModelRoutes(app, workbench);
  addTrainingRoutes(app, workbench);
  addTunedModelRoutes(app, workbench);
  addBuildRoutes(app, workbench);
  addRunRoutes(app, workbench);
  addScheduleRoutes(app, workbench);
  addQuestionSetRoutes(app, workbench);
  addExperimentRoutes(app, workbench);
  addEndpointRoutes(app, workbench);
  addConversationRoutes(app, workbench);
  addEndpointCallRoutes(app, workbench);
  addOwnRunRoutes(app, workbench);
  addChatRoutes(app, workbench);
  serveEditor(app, editorFolder);
  return app;
}

function answerError(error: unknown, request: HonoRequest): Response {
  const language = request.header('accept-language');
  if (!isOpenAiRoute(request.path)) return answerProblem(error, language);
  const problem = describeProblem(error, language);
  const headers = describeRetry(problem.status);
  return Response.json(describeOpenAiError(problem), { status: problem.status, headers });
}

function refuseUnknownRoute(): KumikiError {
  return new KumikiError({
    code: 'route-unknown',
    status: 404,
    message: {
      en: 'There is nothing at this address. GET /api/openapi.json lists what there is.',
      ja: 'このアドレスには何もありません。GET /api/openapi.json で一覧を確認できます。',
    },
  });
}
