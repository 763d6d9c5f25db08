export type { DocumentParserOptions } from './document-parser.ts';
export { createDocumentParser } from './document-parser.ts';
export type { ParseLimits } from './limits.ts';
