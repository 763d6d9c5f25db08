export type { ContentGate } from './blobs/content-gate.ts';
export { openContentGate } from './blobs/content-gate.ts';
export { openBlobStore } from './blobs/open-blob-store.ts';
export type { Collected } from './collecting/collect.ts';
export { collect, countCollectable } from './collecting/collect.ts';
export type { CollectScope } from './collecting/collectable.ts';
export { cleanJson, cleanText } from './database/clean-text.ts';
export { createId } from './database/create-id.ts';
export type { Database } from './database/database.ts';
export { nameDatabaseError, refuseFullDisk, withNamedErrors } from './database/database-error.ts';
export type { FolderLock } from './database/folder-lock.ts';
export { findFolderHolder, lockFileName } from './database/folder-lock.ts';
export type { Store, StoreOptions } from './database/open-store.ts';
export { openStore } from './database/open-store.ts';
export type { SecretCipher } from './database/secret-cipher.ts';
export { createSecretCipher, openSecretKeyFile, parseSecretKey } from './database/secret-cipher.ts';
export type { DocumentName } from './forgetting/find-document.ts';
export { findDocument } from './forgetting/find-document.ts';
export type { ForgetOptions } from './forgetting/forget.ts';
export { beginForgetting, continueForgettings } from './forgetting/forget.ts';
export type { ForgottenDocument } from './forgetting/forget-document.ts';
export { countDocument } from './forgetting/forget-document.ts';
export { countSubject } from './forgetting/forget-subject.ts';
export type { RedactEvent } from './forgetting/redact-runs.ts';
export { forgottenMessage } from './forgetting/redact-runs.ts';
export type { RewriteDataSet } from './forgetting/rewrite-data-sets.ts';
export type { RunEventRow } from './queries/append-events.ts';
export type { ArtifactSummary, ArtifactWork } from './queries/artifact-list.ts';
export { findArtifactWork, listArtifacts, readArtifact } from './queries/artifact-list.ts';
export { createArtifactStore } from './queries/artifacts.ts';
export type { BuildRow } from './queries/builds.ts';
export { findNewestBuild, insertBuild, listBuilds, readBuild } from './queries/builds.ts';
export type { CollectionFileRow, CollectionRow, CollectionSummary } from './queries/collections.ts';
export {
  deleteCollection,
  deleteCollectionFile,
  insertCollection,
  listCollectionFiles,
  listCollections,
  putCollectionFile,
  readCollection,
  readCollectionFile,
} from './queries/collections.ts';
export type {
  ConversationAddress,
  ConversationRoute,
  ConversationRow,
  ConversationTurnRow,
  NewTurn,
  OpenConversation,
} from './queries/conversations.ts';
export {
  appendTurn,
  deleteConversation,
  isSameRoute,
  listConversations,
  openConversation,
  readConversation,
} from './queries/conversations.ts';
export { findEmbeddings, keepEmbeddings } from './queries/embedding-cache.ts';
export type { EndpointRow } from './queries/endpoints.ts';
export {
  changeEndpoint,
  deleteEndpoint,
  insertEndpoint,
  listEndpoints,
  readEndpoint,
} from './queries/endpoints.ts';
export type {
  AnswerKey,
  AnswerMeasure,
  ExperimentAnswerRow,
  ExperimentJudgementRow,
  ExperimentLabelRow,
  LabelKey,
  NewAnswer,
  NewJudgement,
} from './queries/experiment-answers.ts';
export {
  addExperimentFacts,
  addScores,
  keepAnswer,
  keepJudgement,
  listAnswerKeys,
  listAnswerMeasures,
  listAnswers,
  listAnswersBetween,
  listJudgements,
  listLabels,
  putLabel,
} from './queries/experiment-answers.ts';
export type { ExperimentRow, NewExperiment } from './queries/experiments.ts';
export {
  deleteExperiment,
  insertExperiment,
  listExperiments,
  putExperimentForm,
  readExperiment,
  readExperimentOfRun,
  refuseUnderWay,
} from './queries/experiments.ts';
export type { FeedbackRow, RatedRun } from './queries/feedback.ts';
export { listFeedback, listRatedRuns, putFeedback } from './queries/feedback.ts';
export type { FileRow, StoredContent } from './queries/files.ts';
export {
  checkContentOf,
  deleteFile,
  findUnnamedContents,
  insertFile,
  isContentNamed,
  listFiles,
  readFile,
} from './queries/files.ts';
export type { FlowFacts } from './queries/flow-facts.ts';
export { findFlowFacts } from './queries/flow-facts.ts';
export type { FlowRow, FlowSummary } from './queries/flows.ts';
export { deleteFlow, insertFlow, listFlows, readFlow, saveFlow } from './queries/flows.ts';
export { deleteOldRuns } from './queries/history.ts';
export type { HeldIdempotencyKey, IdempotencyAddress, IdempotentResponse } from './queries/idempotency.ts';
export {
  claimIdempotencyKey,
  deleteOldIdempotencyKeys,
  findIdempotentResponse,
  recordIdempotentResponse,
  releaseIdempotencyKey,
  renewIdempotencyKey,
} from './queries/idempotency.ts';
export type { KeyRow } from './queries/keys.ts';
export { createKey, findKey, listKeys, revokeKey, touchKey } from './queries/keys.ts';
export { createLeaseStore } from './queries/leases.ts';
export type { ModelHostRow } from './queries/model-hosts.ts';
export {
  changeModelHost,
  deleteModelHost,
  insertModelHost,
  listModelHosts,
  readModelHost,
} from './queries/model-hosts.ts';
export type { Page, PageOptions } from './queries/page.ts';
export { parseNumberCursor } from './queries/page.ts';
export type { NewQuestionSet, QuestionRow, QuestionSetRow } from './queries/question-sets.ts';
export {
  deleteQuestionSet,
  insertQuestionSet,
  listQuestionSets,
  listQuestions,
  readQuestionSet,
  readQuestions,
} from './queries/question-sets.ts';
export { appendRunEvents, findNewestSequences, listRunEvents, readLastSequence } from './queries/run-events.ts';
export type { AttemptToStop, FinishedRun, NewRun, RunAttempt, RunResult, RunRow } from './queries/runs.ts';
export {
  claimRun,
  findAttemptsToStop,
  findNodeStops,
  finishRun,
  insertFinishedRuns,
  insertQueuedRuns,
  isAttemptCurrent,
  listRuns,
  readRun,
  requestCancel,
  requestNodeStop,
} from './queries/runs.ts';
export type { ScheduleRow } from './queries/schedules.ts';
export {
  changeSchedule,
  deleteSchedule,
  insertSchedule,
  listDueSchedules,
  listSchedules,
  readClock,
  recordFiring,
  takeFiring,
} from './queries/schedules.ts';
export type { SecretSummary } from './queries/secrets.ts';
export { deleteSecret, listSecrets, putSecret, readSecret } from './queries/secrets.ts';
export { mayOthersAnswer, removeServer, showServer } from './queries/servers.ts';
export { deleteSession, findSession, insertSession } from './queries/sessions.ts';
export { putSetting, readSetting } from './queries/settings.ts';
export type { NewTunedModel, TunedModelRow } from './queries/tuned-models.ts';
export {
  deleteTunedModel,
  insertTunedModel,
  listTunedModels,
  readTunedModel,
  readTunedModelByDigest,
  renameTunedModel,
} from './queries/tuned-models.ts';
export type { VersionRow, VersionSummary } from './queries/versions.ts';
export { findVersionDocuments, freezeVersion, listVersions, readVersion } from './queries/versions.ts';
export type { QueuedRun, RunQueue, WorkOptions } from './queue/create-run-queue.ts';
export { createRunQueue } from './queue/create-run-queue.ts';
export type { EndpointRoute, ModelHostKind } from './schema/access.ts';
export type { AnswerPassage, AnswerScores, Verdict } from './schema/experiments.ts';
export type { DocumentTarget, ForgettingTarget } from './schema/forgettings.ts';
export type { QuestionContent, QuestionSetCounts } from './schema/question-sets.ts';
export type { RunKind, RunRequest, RunState, TerminalRunState } from './schema/runs.ts';
export type { TunedBase } from './schema/tuned-models.ts';
export type { DocumentIndexOptions } from './search/create-document-index.ts';
export { createDocumentIndex } from './search/create-document-index.ts';
export { createTableAccess } from './tables/create-table-access.ts';
