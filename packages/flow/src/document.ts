import './configure-zod.ts';
import { z } from 'zod';

export const flowFormat = 'kumiki/flow@1';

/** Ids stay free of `.` (edge addresses) and `/` (paths of inlined flows). */
const nodeIdPattern = /^[\p{L}_][\p{L}\p{N}_-]{0,63}$/u;
const portNamePattern = /^[\p{L}_][\p{L}\p{N}_]{0,63}$/u;
/** What secrets may be called, which settings name as `{ $secret: name }`. */
export const secretNamePattern = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const portAddressPattern = /^[\p{L}_][\p{L}\p{N}_-]{0,63}\.[\p{L}_][\p{L}\p{N}_-]{0,63}$/u;

export const positionSchema = z.object({ x: z.number(), y: z.number() });

export const flowNodeSchema = z.object({
  type: z.string().regex(/^[a-z][a-z0-9-]*(\/[a-z][a-z0-9-]*)?$/),
  version: z.int().min(1),
  settings: z.record(z.string(), z.json()).default({}),
  position: positionSchema,
  title: z.string().max(120).optional(),
});

/** `from` is an output, `to` an input, each as `node.port`. */
export const flowEdgeSchema = z.object({
  from: z.string().regex(portAddressPattern),
  to: z.string().regex(portAddressPattern),
});

export const flowNoteSchema = z.object({
  id: z.string().min(1).max(64),
  text: z.string().max(10_000),
  position: positionSchema,
  size: z.object({ width: z.number().positive(), height: z.number().positive() }).optional(),
});

export const flowGroupSchema = z.object({
  id: z.string().min(1).max(64),
  title: z.string().max(120),
  nodes: z.array(z.string().regex(nodeIdPattern)),
});

/** The flow document: what people edit, what a version freezes, what git diffs. */
export const flowDocumentSchema = z.object({
  format: z.literal(flowFormat),
  name: z.string().min(1).max(120),
  nodes: z.record(z.string().regex(nodeIdPattern), flowNodeSchema),
  edges: z.array(flowEdgeSchema),
  notes: z.array(flowNoteSchema).default([]),
  groups: z.array(flowGroupSchema).default([]),
});

export type FlowDocument = z.infer<typeof flowDocumentSchema>;
export type FlowNode = z.infer<typeof flowNodeSchema>;
export type FlowEdge = z.infer<typeof flowEdgeSchema>;
export type FlowNote = z.infer<typeof flowNoteSchema>;
export type FlowGroup = z.infer<typeof flowGroupSchema>;
export type Position = z.infer<typeof positionSchema>;
export type JsonValue = z.infer<ReturnType<typeof z.json>>;

export type PortAddress = { readonly node: string; readonly port: string };

export function isPortName(name: string): boolean {
  return portNamePattern.test(name);
}

/** Reads `node.port`. The document's schema has made sure that there is exactly one dot. */
export function parsePortAddress(address: string): PortAddress {
  const dot = address.indexOf('.');
  return { node: address.slice(0, dot), port: address.slice(dot + 1) };
}

export function formatPortAddress({ node, port }: PortAddress): string {
  return `${node}.${port}`;
}
