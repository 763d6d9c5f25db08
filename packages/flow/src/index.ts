export { findBindingProblems } from './binding-problems.ts';
export type { BindingTime, BindingTimes } from './binding-time.ts';
export { bindGraph, findBindingTimes } from './binding-time.ts';
export { canConnect } from './can-connect.ts';
export type { FlowFile } from './canonical-flow.ts';
export { canonicaliseFlow, canonicaliseJson, equalFlows, formatFlow } from './canonical-flow.ts';
export { checkFlow } from './check-flow.ts';
export { checkSettings, nameNode } from './check-settings.ts';
export type { ArrivingKinds, NodePorts } from './derive-ports.ts';
export { derivePorts, readEntryNames } from './derive-ports.ts';
export type { FlowDiff, NodeChange, SettingChange } from './diff-flows.ts';
export { diffFlows } from './diff-flows.ts';
export type {
  FlowDocument,
  FlowEdge,
  FlowGroup,
  FlowNode,
  FlowNote,
  JsonValue,
  PortAddress,
  Position,
} from './document.ts';
export {
  flowDocumentSchema,
  flowEdgeSchema,
  flowFormat,
  flowNodeSchema,
  formatPortAddress,
  isPortName,
  parsePortAddress,
  secretNamePattern,
} from './document.ts';
export type { FlowGraph, GraphEdge, GraphNode, NodeTypeDescriptions } from './flow-graph.ts';
export { readGraph } from './flow-graph.ts';
export type { FlowBody, InlinedFlow } from './inline-flows.ts';
export { inlineFlows } from './inline-flows.ts';
export { formatJsonPointer } from './json-pointer.ts';
export type { FlowReference, FlowUse, NamedFlow, NamedFlowFault, NamedFlows } from './named-flow.ts';
export { findItemInput, formatFlowReference, noNamedFlows, readFlowUse } from './named-flow.ts';
export type {
  InputPortDescription,
  JsonSchema,
  LocalisedText,
  NodeEffect,
  NodeFamily,
  NodeTypeDescription,
  OutputPortDescription,
  PortRule,
  SettingRule,
  SettingText,
} from './node-type-description.ts';
export type { ParsedFlow } from './parse-flow.ts';
export { parseFlow } from './parse-flow.ts';
export { nameKind, nameKinds } from './port-kind-names.ts';
export type { PortKind } from './port-kinds.ts';
export { isStreamKind, portKinds } from './port-kinds.ts';
export type { Problem, ProblemCode } from './problem.ts';
export type { FlowVersions } from './read-named-flows.ts';
export { hasBuildPart, listFlowReferences, readNamedFlows } from './read-named-flows.ts';
export { readSetting } from './read-setting.ts';
export { describeSettingIssue } from './setting-issue.ts';
export { readTemplateVariables, renderTemplate } from './template.ts';
