/**
 * The program of the process in which files are parsed. It is started with Node's permission model: it can read files
 * (its own modules), but not write, start programs or load native code; whatever a hostile file makes of it ends here.
 */
import { KumikiError, reportError } from '@kumiki/node-sdk';
import { parseDocument } from './parse-document.ts';
import type { ParseRequest, ParseResponse } from './parser-messages.ts';
import { readData } from './read-data.ts';

async function answer({ task, file, limits }: ParseRequest): Promise<ParseResponse> {
  try {
    return { result: await (task === 'data' ? readData(file, limits) : parseDocument(file, limits)) };
  } catch (error) {
    const { code, message } = reportError(error);
    const cause = error instanceof KumikiError ? error.cause : error;
    return { error: { code, message, cause: cause instanceof Error ? `${cause.name}: ${cause.message}` : null } };
  }
}

process.on('message', (request: ParseRequest) => {
  void answer(request).then((response) => process.send?.(response));
});
// pdf.js reports some damage beside the promise that it rejects; the answer is on its way all the same.
process.on('unhandledRejection', () => {});
process.on('disconnect', () => process.exit());
