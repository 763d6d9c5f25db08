import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { FlowDocument, JsonValue } from '@kumiki/flow';
import { KumikiError } from '@kumiki/node-sdk';
import { nodeTypes } from '@kumiki/nodes';
import type { CommandContext } from '../command-line.ts';
import { fileSchema } from '../contract/files.ts';
import { type FlowInput, readFlowInterface } from '../serving/flow-interface.ts';
import { type Connection, connect, unwrap } from './connection.ts';
import { ProblemError } from './failure.ts';
import { readFlowFile, refuseMissing } from './flow-file.ts';
import { followRun, printProgress, type RunEnd } from './follow-run.ts';

/** Builds the flow of a file, as far as that is needed, and says which build it was. */
export async function buildFlowFile({ configuration, places, json }: CommandContext, path: string): Promise<void> {
  const { file, document } = await readFlowFile(path, places.currentFolder);
  const connection = await connect(configuration);
  try {
    const { id } = await importFile(connection, file, document);
    const built = await build(connection, id, json);
    process.stdout.write(json ? `${JSON.stringify({ flow: id, ...built })}\n` : `Build ${built.build}\n`);
  } finally {
    await connection.close();
  }
}

export type RunParameters = {
  readonly inputs: Readonly<Record<string, string>>;
  readonly output: string | undefined;
};

/** Asks the flow of a file, which is built first where it has to be, and prints the answer. */
export async function runFlowFile(
  { configuration, places, json }: CommandContext,
  path: string,
  { inputs, output }: RunParameters,
): Promise<void> {
  const { file, document } = await readFlowFile(path, places.currentFolder);
  const connection = await connect(configuration);
  try {
    const { id } = await importFile(connection, file, document);
    const values = await readInputs(connection, document, inputs, places.currentFolder);
    const run = await ask(connection, id, { inputs: values, ...(output === undefined ? {} : { output }) }, json);
    const end = await followRun(connection, run, json ? () => {} : printProgress);
    printAnswer(end, { run, flow: id, output, json });
  } finally {
    await connection.close();
  }
}

function importFile({ client }: Connection, file: string, document: FlowDocument) {
  return unwrap(client.PUT('/api/flow-files', { body: { file, document } }));
}

async function build(connection: Connection, flow: string, json: boolean) {
  const { run, version } = await unwrap(
    connection.client.POST('/api/flows/{id}/builds', { params: { path: { id: flow } }, body: {} }),
  );
  const end = await followRun(connection, run, json ? () => {} : printProgress);
  return { run, version, build: end.build };
}

type Question = { readonly inputs: Record<string, JsonValue>; readonly output?: string };

/** Starts the question; where the flow is not built yet, or no longer as its documents are, it is built first. */
async function ask(connection: Connection, flow: string, question: Question, json: boolean): Promise<string> {
  const start = () =>
    unwrap(connection.client.POST('/api/flows/{id}/runs', { params: { path: { id: flow } }, body: question }));
  try {
    return (await start()).id;
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code !== 'not-built') throw error;
    if (!json) process.stderr.write('Building first …\n');
    await build(connection, flow, json);
    return (await start()).id;
  }
}

function printAnswer(
  end: RunEnd,
  { run, flow, output, json }: { run: string; flow: string; output: string | undefined; json: boolean },
): void {
  const outputs = end.outputs ?? {};
  const chosen = outputs[output ?? Object.keys(outputs)[0] ?? ''];
  const answered = chosen?.state === 'answered' ? chosen : { value: null, citations: [] };
  if (json) {
    const { value, citations } = answered;
    process.stdout.write(`${JSON.stringify({ output: value, citations, usage: end.usage, run, flow, outputs })}\n`);
    return;
  }
  for (const [name, result] of Object.entries(outputs)) {
    if (Object.keys(outputs).length > 1) process.stdout.write(`[${name}]\n`);
    const value = result.state === 'answered' ? result.value : null;
    process.stdout.write(`${typeof value === 'string' ? value : JSON.stringify(value)}\n`);
    if (result.state !== 'answered') continue;
    for (const { number, documentName, quote } of result.citations) {
      process.stdout.write(`  [${number}] ${documentName}: ${quote}\n`);
    }
  }
}

/** Values by the kinds of the flow's inputs: text as it is, a file by its path, everything else as JSON. */
async function readInputs(
  connection: Connection,
  document: FlowDocument,
  given: Readonly<Record<string, string>>,
  folder: string,
): Promise<Record<string, JsonValue>> {
  const descriptions = new Map(nodeTypes.map(({ description }) => [description.type, description]));
  const known = new Map(readFlowInterface(document, descriptions).inputs.map((input) => [input.name, input]));
  const values: Record<string, JsonValue> = {};
  for (const [name, text] of Object.entries(given)) {
    const input = known.get(name);
    if (input === undefined) throw refuseUnknownInput(name, [...known.keys()]);
    values[name] = input.kind === 'file' ? await uploadFile(connection, text, folder) : readValue(text, input);
  }
  return values;
}

function readValue(text: string, { name, kind }: FlowInput): JsonValue {
  if (kind === 'text') return text;
  try {
    return JSON.parse(text);
  } catch {
    throw new KumikiError({
      code: 'input-wrong-kind',
      status: 422,
      message: {
        en: `The input “${name}” is of kind ${kind}, so its value has to be JSON, such as --input '${name}=5'.`,
        ja: `入力「${name}」の種類は ${kind} のため、値は JSON で指定してください（例：--input '${name}=5'）。`,
      },
    });
  }
}

async function uploadFile({ request }: Connection, path: string, folder: string): Promise<JsonValue> {
  const content = await readFile(resolve(folder, path)).catch(() => null);
  if (content === null) throw refuseMissing(path);
  const body = new FormData();
  body.set('file', new File([content], basename(path)));
  const answer = await request('/api/files', { method: 'POST', body });
  const { name, mediaType, sha256, bytes } = fileSchema.parse(await answer.json());
  return { name, mediaType: mediaType ?? 'application/octet-stream', sha256, bytes };
}

function refuseUnknownInput(name: string, known: readonly string[]): KumikiError {
  return new KumikiError({
    code: 'input-unknown',
    status: 422,
    message: {
      en: `The flow has no input “${name}”. It has: ${known.join(', ') || 'none'}.`,
      ja: `このフローに「${name}」という入力はありません。使える入力：${known.join('、') || 'なし'}`,
    },
  });
}
