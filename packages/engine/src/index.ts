export type { Build, BuildResult, BuiltNode } from './build.ts';
export { buildFlow } from './build-flow.ts';
export type { Clock } from './clock.ts';
export { systemClock } from './clock.ts';
export type {
  ArmOutput,
  ArmOutputs,
  DocumentError,
  NodeEndEvent,
  NodeProgressEvent,
  NodeStartEvent,
  NodeState,
  NodeWarning,
  RunEndEvent,
  RunEvent,
  RunKind,
  RunStartEvent,
  RunState,
  TextDeltaEvent,
} from './events.ts';
export type { FindBuildOptions } from './find-build.ts';
export { findBuild } from './find-build.ts';
export { findInputs } from './find-inputs.ts';
export { findNamedNodes } from './find-named-nodes.ts';
export { findRetrained } from './find-retrained.ts';
export { hashJson } from './fingerprint.ts';
export type { LeaseHold, MachineLease, MachineLeaseOptions } from './machine-lease.ts';
export { createMachineLease } from './machine-lease.ts';
export { migrateSettings } from './migrate-settings.ts';
export type { NodeTypes, Plan, PlannedInput, PlannedNode, PlannedOutput, PlannedRole, PlannedSource } from './plan.ts';
export { FlowInvalidError, planFlow } from './plan-flow.ts';
export type { Program, Step } from './program.ts';
export { findProgram, refuseActing } from './program.ts';
export type { ResourceLimits, ResourcePriority, Resources } from './resources.ts';
export { createResources, defaultResourceLimits } from './resources.ts';
export type { OnOutputs, RunFlowOptions, RunResult } from './run-flow.ts';
export { runFlow } from './run-flow.ts';
export type { BuildOptions, NodeServices, RunOptions, ServiceBinding } from './run-scope.ts';
