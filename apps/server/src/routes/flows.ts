import { checkFlow, diffFlows, parseFlow, readNamedFlows } from '@kumiki/flow';
import { KumikiError } from '@kumiki/node-sdk';
import {
  deleteFlow,
  findFlowFacts,
  insertFlow,
  listFlows,
  listVersions,
  readFlow,
  readVersion,
  saveFlow,
} from '@kumiki/store';
import { notAllowed } from '../access/caller.ts';
import * as contract from '../contract/flows.ts';
import { freezeDraft, readDocument } from '../flow-documents.ts';
import { importFlowFile } from '../flow-files.ts';
import type { App } from '../http/environment.ts';
import { readNamedVersions } from '../runs/named-versions.ts';
import type { Workbench } from '../workbench.ts';

export function addFlowRoutes(app: App, { store: { database }, descriptions }: Workbench): void {
  app.openapi(contract.createFlow, async (context) => {
    const { workspace } = context.get('caller');
    const document = readDocument(context.req.valid('json').document);
    const { id, revision } = await insertFlow(database, { workspace, document });
    return context.json({ id, revision }, 201);
  });

  app.openapi(contract.listFlows, async (context) => {
    const { workspace } = context.get('caller');
    const page = await listFlows(database, { workspace, ...context.req.valid('query') });
    const facts = await findFlowFacts(
      database,
      page.items.map(({ id }) => id),
    );
    const items = page.items.map((flow) => ({ ...summarise(flow), ...(facts.get(flow.id) ?? nothingYet) }));
    return context.json({ items, next: page.next }, 200);
  });

  app.openapi(contract.checkFlowRoute, async (context) => {
    const parsed = parseFlow(context.req.valid('json').document);
    const { document } = parsed;
    if (document === null) return context.json({ problems: [...parsed.problems] }, 200);
    const { workspace } = context.get('caller');
    const versions = await readNamedVersions(database, descriptions, { workspace, document });
    const problems = checkFlow(document, descriptions, readNamedFlows(versions, descriptions));
    return context.json({ problems: [...problems] }, 200);
  });

  app.openapi(contract.getFlow, async (context) => {
    const { workspace } = context.get('caller');
    const flow = await readFlow(database, { workspace, flow: context.req.valid('param').id });
    const facts = (await findFlowFacts(database, [flow.id])).get(flow.id) ?? nothingYet;
    context.header('etag', `"${flow.revision}"`);
    return context.json({ ...summarise(flow), ...facts, document: flow.document }, 200);
  });

  app.openapi(contract.saveFlow, async (context) => {
    const { workspace } = context.get('caller');
    const saved = await saveFlow(database, {
      workspace,
      flow: context.req.valid('param').id,
      revision: readRevision(context.req.valid('header')['if-match']),
      document: readDocument(context.req.valid('json').document),
    });
    context.header('etag', `"${saved.revision}"`);
    return context.json({ id: saved.id, revision: saved.revision }, 200);
  });

  app.openapi(contract.deleteFlow, async (context) => {
    const { workspace } = context.get('caller');
    await deleteFlow(database, { workspace, flow: context.req.valid('param').id });
    return context.body(null, 204);
  });

  app.openapi(contract.importFlowFile, async (context) => {
    const { workspace, kind } = context.get('caller');
    if (kind !== 'local') throw refuseRemoteImport();
    const { file, document } = context.req.valid('json');
    const { id, revision } = await importFlowFile(database, { workspace, file, document: readDocument(document) });
    return context.json({ id, revision }, 200);
  });

  app.openapi(contract.createVersion, async (context) => {
    const { workspace } = context.get('caller');
    const { id } = context.req.valid('param');
    const flow = await readFlow(database, { workspace, flow: id });
    if (flow.revision !== context.req.valid('json').revision) throw refuseStaleRevision(flow.revision);
    const { version } = await freezeDraft(database, { workspace, flow: id, document: flow.document });
    return context.json({ number: version.number }, 201);
  });

  app.openapi(contract.listVersions, async (context) => {
    const { workspace } = context.get('caller');
    const { id } = context.req.valid('param');
    await readFlow(database, { workspace, flow: id });
    const page = await listVersions(database, { workspace, flow: id, ...context.req.valid('query') });
    const items = page.items.map(({ number, nodes, createdAt }) => ({
      number,
      nodes,
      createdAt: createdAt.toISOString(),
    }));
    return context.json({ items, next: page.next }, 200);
  });

  app.openapi(contract.getVersion, async (context) => {
    const { workspace } = context.get('caller');
    const { id, number } = context.req.valid('param');
    const version = await readVersion(database, { workspace, flow: id, version: number });
    return context.json(
      {
        number: version.number,
        createdAt: version.createdAt.toISOString(),
        nodes: Object.keys(version.document.nodes).length,
        document: version.document,
      },
      200,
    );
  });

  app.openapi(contract.diffVersions, async (context) => {
    const { workspace } = context.get('caller');
    const { id } = context.req.valid('param');
    const { from, to } = context.req.valid('query');
    const before = await readVersion(database, { workspace, flow: id, version: from });
    const after = await readVersion(database, { workspace, flow: id, version: to });
    return context.json({ diff: diffFlows(before.document, after.document) }, 200);
  });
}

const nothingYet = { latestVersion: null, latestBuild: null, nodes: 0 };

function summarise(flow: {
  readonly id: string;
  readonly name: string;
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}) {
  const { id, name, revision } = flow;
  return { id, name, revision, createdAt: flow.createdAt.toISOString(), updatedAt: flow.updatedAt.toISOString() };
}

function refuseRemoteImport(): KumikiError {
  return notAllowed({
    en: 'Only the command line on the machine of the server may name files there. Use POST /api/flows instead.',
    ja: 'サーバー上のファイルを指定できるのは、同じマシンのコマンドラインだけです。POST /api/flows を使ってください。',
  });
}

function readRevision(ifMatch: string | undefined): number {
  if (ifMatch === undefined) {
    throw new KumikiError({
      code: 'revision-missing',
      status: 428,
      message: {
        en: 'Say which revision this save is based on: If-Match: "<revision>".',
        ja: 'どの改訂を元にした保存かを If-Match: "<改訂>" で指定してください。',
      },
    });
  }
  const revision = /^(?:W\/)?"?(\d{1,9})"?$/.exec(ifMatch.trim())?.[1];
  if (revision === undefined) {
    throw new KumikiError({
      code: 'invalid-request',
      status: 422,
      path: 'if-match',
      message: {
        en: 'If-Match has to be a revision in quotes, such as "48".',
        ja: 'If-Match には "48" のように、引用符で囲んだ改訂を指定してください。',
      },
    });
  }
  return Number(revision);
}

function refuseStaleRevision(current: number): KumikiError {
  return new KumikiError({
    code: 'revision-stale',
    status: 412,
    message: {
      en: `The draft is at revision ${current} by now. Load it again, then freeze it.`,
      ja: `下書きはすでに改訂 ${current} になっています。読み込み直してから版にしてください。`,
    },
  });
}
