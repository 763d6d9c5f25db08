import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type FlowDocument, parseFlow } from '@kumiki/flow';
import { KumikiError } from '@kumiki/node-sdk';
import { DocumentInvalidError } from '../http/problem.ts';

/** Reads a flow file. Throws `file-missing`, and what is wrong with the document. */
export async function readFlowFile(
  path: string,
  folder: string,
): Promise<{ readonly file: string; readonly document: FlowDocument }> {
  const file = resolve(folder, path);
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) throw refuseMissing(path);
  const parsed = parseFlow(text);
  if (parsed.document === null) throw new DocumentInvalidError(parsed.problems);
  return { file, document: parsed.document };
}

export function refuseMissing(path: string): KumikiError {
  return new KumikiError({
    code: 'file-missing',
    status: 404,
    message: {
      en: `The file ${path} does not exist or cannot be read. Check its path.`,
      ja: `ファイル ${path} が存在しないか、読み取れません。パスを確認してください。`,
    },
  });
}
