import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import type { FlowDocument } from '@kumiki/flow';
import { equalFlows } from '@kumiki/flow';
import { KumikiError } from '@kumiki/node-sdk';
import { type Database, insertFlow, putSetting, readFlow, readSetting, saveFlow } from '@kumiki/store';
import { z } from 'zod';
import { freezeDraft } from './flow-documents.ts';

const flowOfFileSchema = z.object({ flow: z.string() });
const fileOfFlowSchema = z.object({ file: z.string() });

/**
 * Makes the flow of a file, or brings it up to the file, which is the truth: the same file is always the same flow. A
 * draft that differs is frozen as a version first, so that nothing is lost that somebody drew in the editor.
 */
export async function importFlowFile(
  database: Database,
  source: { readonly workspace: string; readonly file: string; readonly document: FlowDocument },
): Promise<{ readonly id: string; readonly revision: number }> {
  const { workspace, file, document } = source;
  const name = `flow-of-file:${createHash('sha256').update(file).digest('hex')}`;
  const known = flowOfFileSchema.safeParse(await readSetting(database, { workspace, name }));
  const flow = known.success ? await findFlow(database, workspace, known.data.flow) : null;
  if (flow !== null) {
    if (equalFlows(flow.document, document)) return { id: flow.id, revision: flow.revision };
    await freezeDraft(database, { workspace, flow: flow.id, document: flow.document });
    return saveFlow(database, { workspace, flow: flow.id, revision: flow.revision, document });
  }
  const created = await insertFlow(database, { workspace, document });
  await putSetting(database, { workspace, name, value: { flow: created.id } });
  await putSetting(database, { workspace, name: `file-of-flow:${created.id}`, value: { file } });
  return { id: created.id, revision: created.revision };
}

/** The folder that relative folders of a flow count from: that of its file; null where it came from none. */
export async function findFlowFolder(database: Database, workspace: string, flow: string): Promise<string | null> {
  const found = fileOfFlowSchema.safeParse(await readSetting(database, { workspace, name: `file-of-flow:${flow}` }));
  return found.success ? dirname(found.data.file) : null;
}

async function findFlow(database: Database, workspace: string, flow: string) {
  try {
    return await readFlow(database, { workspace, flow });
  } catch (error) {
    // Deleted in the editor: the file makes a new one.
    if (error instanceof KumikiError && error.code === 'flow-unknown') return null;
    throw error;
  }
}
