export { apiKeys, endpoints, idempotencyKeys, modelHosts, secrets } from './access.ts';
export { conversations, conversationTurns } from './conversations.ts';
export { experimentAnswers, experimentJudgements, experimentLabels, experiments } from './experiments.ts';
export { collectionFiles, collections, files } from './files.ts';
export { artifacts, builds, flows, flowVersions, sourceIdentities } from './flows.ts';
export { forgettings } from './forgettings.ts';
export { leases } from './leases.ts';
export { questionSets, questions } from './question-sets.ts';
export { runEvents, runFeedback, runs } from './runs.ts';
export { schedules } from './schedules.ts';
export {
  embeddingCache,
  indexChunks,
  indexDocuments,
  indexFailures,
  indexGenerations,
  indexLineages,
  indexVectors,
  lexicalPostings,
  lexicalSegments,
} from './search.ts';
export { servers } from './servers.ts';
export { sessions } from './sessions.ts';
export { tunedModels } from './tuned-models.ts';
export { settings, workspaces } from './workspaces.ts';
