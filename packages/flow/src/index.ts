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
  parsePortAddress,
} from './document.ts';
export type {
  InputPortDescription,
  JsonSchema,
  LocalisedText,
  NodeEffect,
  NodeFamily,
  NodeTypeDescription,
  OutputPortDescription,
  PortRule,
  SettingText,
} from './node-type-description.ts';
export type { PortKind } from './port-kinds.ts';
export { isStreamKind, portKinds } from './port-kinds.ts';
export type { Problem, ProblemCode } from './problem.ts';
