import { OpenAPIHono, type RouteConfig } from '@hono/zod-openapi';
import * as conversations from './conversations.ts';
import * as data from './data.ts';
import * as endpoints from './endpoints.ts';
import * as experiments from './experiments.ts';
import * as files from './files.ts';
import * as flows from './flows.ts';
import * as models from './models.ts';
import * as questionSets from './question-sets.ts';
import * as runs from './runs.ts';
import * as schedules from './schedules.ts';
import * as system from './system.ts';
import * as training from './training.ts';
import * as tunedModels from './tuned-models.ts';
import * as v1 from './v1.ts';
import * as v1Runs from './v1-runs.ts';

/** Every route of the contract, whether or not this process serves it. */
export const contractRoutes: readonly RouteConfig[] = [
  flows,
  runs,
  files,
  data,
  models,
  training,
  tunedModels,
  endpoints,
  conversations,
  questionSets,
  experiments,
  v1,
  v1Runs,
  schedules,
  system,
].flatMap((module) => Object.values(module).filter(isRoute));

function isRoute(value: unknown): value is RouteConfig {
  return typeof value === 'object' && value !== null && 'path' in value && 'method' in value && 'responses' in value;
}

/** The OpenAPI 3.1 document of the whole contract. packages/client is generated from it. */
export function describeContract(version: string) {
  const registry = new OpenAPIHono();
  for (const route of contractRoutes) registry.openAPIRegistry.registerPath(route);
  return registry.getOpenAPI31Document({ openapi: '3.1.0', info: { title: 'Kumiki', version } });
}
