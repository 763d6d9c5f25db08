import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { AdapterValue, BlobStore } from '@kumiki/node-sdk';
import {
  deleteTunedModel,
  insertTunedModel,
  listTunedModels,
  readTunedModel,
  renameTunedModel,
  type TunedModelRow,
} from '@kumiki/store';
import { ZipFile } from 'yazl';
import type { z } from 'zod';
import * as contract from '../contract/tuned-models.ts';
import type { App } from '../http/environment.ts';
import { formatCard, readCard, writeUploadedCard } from '../training/model-card.ts';
import type { Workbench } from '../workbench.ts';

export function addTunedModelRoutes(app: App, workbench: Workbench): void {
  const { blobs, contents, hosts, trainings } = workbench;
  const { database } = workbench.store;

  app.openapi(contract.listTunedModels, async (context) => {
    const { workspace } = context.get('caller');
    const page = await listTunedModels(database, { workspace, ...context.req.valid('query') });
    return context.json({ items: page.items.map((row) => dropCurve(describeTunedModel(row))), next: page.next }, 200);
  });

  app.openapi(contract.uploadTunedModel, async (context) => {
    const { workspace } = context.get('caller');
    const { name, host, model } = context.req.valid('query');
    const { signal, body } = context.req.raw;
    const base = await (await hosts.open(workspace, host)).inspect(model, signal);
    const row = await contents.keep(async () => {
      const { readAdapterZip } = await import('../training/read-adapter-zip.ts');
      const { baseName, ...files } = await readAdapterZip(body, blobs, signal);
      const digest = base.digest ?? digestName(baseName ?? model);
      const adapter: AdapterValue = { ...files, base: digest, prompt: null };
      const licence = base.licence ?? (await trainings.findLicence(digest));
      return insertTunedModel(database, {
        ...{ workspace, name, origin: 'uploaded', adapter },
        base: {
          ...{ host, name: base.name, digest: base.digest },
          ...{ template: base.template, contextLength: base.contextLength },
        },
        card: writeUploadedCard({ name: base.name, digest, licence }),
      });
    });
    return context.json(describeTunedModel(row), 201);
  });

  app.openapi(contract.getTunedModel, async (context) => {
    const { workspace } = context.get('caller');
    const row = await readTunedModel(database, { workspace, model: context.req.valid('param').id });
    return context.json(describeTunedModel(row), 200);
  });

  app.openapi(contract.renameTunedModel, async (context) => {
    const { workspace } = context.get('caller');
    const { name } = context.req.valid('json');
    const row = await renameTunedModel(database, { workspace, model: context.req.valid('param').id, name });
    return context.json(describeTunedModel(row), 200);
  });

  app.openapi(contract.deleteTunedModel, async (context) => {
    const { workspace } = context.get('caller');
    const row = await deleteTunedModel(database, { workspace, model: context.req.valid('param').id });
    for (const { sha256 } of row.adapter.files) await contents.release(sha256);
    await trainings.dropAdapter(workspace, row.adapter);
    return context.body(null, 204);
  });

  app.openapi(contract.downloadTunedModel, async (context) => {
    const { workspace } = context.get('caller');
    const { form, type } = context.req.valid('query');
    const { signal } = context.req.raw;
    const row = await readTunedModel(database, { workspace, model: context.req.valid('param').id });
    const name = row.name ?? `${row.base.name}-${row.digest.slice('sha256:'.length).slice(0, 8)}`;
    if (form === 'peft') return answerZip(name, row, blobs, signal);
    const adapter = trainings.openAdapter(row.adapter);
    const file = form === 'lora' ? await adapter.ggufFile(signal) : await adapter.mergedFile(type, signal);
    // By the digits of its digest in the file's name Kumiki knows which adapter a llama-server has.
    const lora = `${name}-${row.digest.slice('sha256:'.length).slice(0, 16)}.lora.gguf`;
    return answerFile(file, form === 'lora' ? lora : `${name}.${type}.gguf`);
  });
}

function describeTunedModel(row: TunedModelRow): z.infer<typeof contract.tunedModelSchema> {
  const { id, name, origin, digest, adapter, base, runId, node, createdAt, updatedAt } = row;
  return {
    id,
    name,
    origin,
    digest,
    bytes: adapter.files.reduce((sum, { bytes }) => sum + bytes, 0),
    base: { host: base.host, name: base.name, digest: base.digest },
    card: readCard(row),
    run: runId,
    node,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

/** Of a hundred models at once nobody looks at curves. */
function dropCurve(model: ReturnType<typeof describeTunedModel>): ReturnType<typeof describeTunedModel> {
  const { training } = model.card;
  if (training === null) return model;
  const { curve: _, ...rest } = training;
  return { ...model, card: { ...model.card, training: rest } };
}

/** Weights do not get smaller, so they are stored as they are, and are on their way at once. */
function answerZip(name: string, row: TunedModelRow, blobs: BlobStore, signal: AbortSignal): Response {
  const zip = new ZipFile();
  const folder = name.replaceAll(/[/\\\p{Cc}]/gu, '-').replace(/^\.+/, '-');
  const options = { compress: false, mtime: row.createdAt };
  zip.addBuffer(Buffer.from(formatCard(name, readCard(row))), `${folder}/README.md`, options);
  for (const { name: file, sha256, bytes } of row.adapter.files) {
    const stream = Readable.from(blobs.read(sha256, signal), { objectMode: false });
    zip.addReadStream(stream, `${folder}/${file}`, { ...options, size: bytes });
  }
  zip.end();
  return new Response(ReadableStream.from(zip.outputStream) as ReadableStream<Uint8Array>, {
    headers: describeDownload(`${folder}.zip`, 'application/zip'),
  });
}

async function answerFile(file: string, name: string): Promise<Response> {
  const { size } = await stat(file);
  const body = ReadableStream.from(createReadStream(file)) as ReadableStream<Uint8Array>;
  const headers = describeDownload(name, 'application/octet-stream');
  return new Response(body, { headers: { ...headers, 'content-length': String(size) } });
}

function describeDownload(name: string, mediaType: string): Record<string, string> {
  return {
    'content-type': mediaType,
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
  };
}

/** Where a host tells no digest, its base is known by what the adapter calls it, as far as that goes. */
function digestName(name: string): string {
  return `sha256:${createHash('sha256').update(name).digest('hex')}`;
}
