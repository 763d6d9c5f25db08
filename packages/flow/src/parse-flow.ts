import { type FlowDocument, flowDocumentSchema } from './document.ts';
import { findJsonError } from './json-error.ts';
import { formatJsonPointer } from './json-pointer.ts';
import { migrateFlow, readFormatNumber, writtenFormat } from './migrate-flow.ts';
import type { LocalisedText } from './node-type-description.ts';
import type { Problem, ProblemCode } from './problem.ts';
import { describeSettingIssue } from './setting-issue.ts';

export type ParsedFlow =
  | { readonly document: FlowDocument; readonly problems: null }
  | { readonly document: null; readonly problems: readonly Problem[] };

/**
 * Reads a flow from a file's text or from JSON that has been read already; older formats are migrated. What it tells
 * of is only the shape; whether the flow makes sense is `checkFlow`'s to say.
 */
export function parseFlow(source: unknown): ParsedFlow {
  if (typeof source !== 'string') return parseValue(source);
  let value: unknown;
  try {
    value = JSON.parse(source.replace(/^\uFEFF/, ''));
  } catch {
    return refuse('broken-json', '', describeBrokenJson(source.replace(/^\uFEFF/, '')));
  }
  return parseValue(value);
}

function parseValue(value: unknown): ParsedFlow {
  const format = readFormatNumber(value);
  if (format === null) {
    return refuse('unknown-format', '/format', {
      en: `This is not a Kumiki flow: its "format" is not "${writtenFormat}". Choose a file that was exported from Kumiki.`,
      ja: `Kumiki のフローではありません（"format" が "${writtenFormat}" ではありません）。Kumiki から書き出したファイルを選んでください。`,
    });
  }
  const migrated = migrateFlow(value, format);
  if (migrated === null) {
    return refuse('newer-format', '/format', {
      en: `This flow was written by a newer Kumiki (format ${format}). Update Kumiki to open it.`,
      ja: `このフローは新しい Kumiki で保存されています（形式 ${format}）。開くには Kumiki を更新してください。`,
    });
  }
  const result = flowDocumentSchema.safeParse(migrated);
  if (result.success) return { document: result.data, problems: null };
  const problems = result.error.issues.map((issue) => {
    const steps = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
    const path = formatJsonPointer(steps);
    const [area, node] = steps;
    const wrong = describeSettingIssue(issue);
    return makeProblem('invalid-document', path, area === 'nodes' && typeof node === 'string' ? node : null, {
      en: `The flow file is damaged: ${path || 'the whole'} ${wrong.en}. Correct it there, or export the flow again.`,
      ja: `フローのファイルが正しくありません：${path || '全体'} ${wrong.ja}。その箇所を直すか、フローをもう一度書き出してください。`,
    });
  });
  return { document: null, problems };
}

function describeBrokenJson(text: string): LocalisedText {
  const { line, column } = findJsonError(text);
  return {
    en: `The file is not valid JSON: it breaks at line ${line}, column ${column}. Correct it there, or export the flow again.`,
    ja: `JSON として読めません。${line} 行目の ${column} 文字目で壊れています。その箇所を直すか、フローをもう一度書き出してください。`,
  };
}

function refuse(code: ProblemCode, path: string, message: LocalisedText): ParsedFlow {
  return { document: null, problems: [makeProblem(code, path, null, message)] };
}

function makeProblem(code: ProblemCode, path: string, node: string | null, message: LocalisedText): Problem {
  return { code, severity: 'error', node, path, message };
}
