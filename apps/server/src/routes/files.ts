import { KumikiError } from '@kumiki/node-sdk';
import { deleteFile, insertFile, readFile } from '@kumiki/store';
import * as contract from '../contract/files.ts';
import type { App } from '../http/environment.ts';
import { answerBlob, checkAnnouncedLength, checkFileName, readMediaType, receiveBody } from '../http/file-body.ts';
import type { Workbench } from '../workbench.ts';

export function addFileRoutes(app: App, { blobs, contents, store: { database } }: Workbench): void {
  app.openapi({ ...contract.uploadFile, request: {} }, async (context) => {
    const { workspace } = context.get('caller');
    checkAnnouncedLength(context.req.header('content-length'));
    const { file } = await context.req.parseBody();
    if (!(file instanceof File)) throw refuseMissingFile();
    const name = checkFileName(file.name);
    const row = await contents.keep(async () => {
      const stored = await receiveBody(blobs, file.stream(), context.req.raw.signal);
      return insertFile(database, { workspace, name, mediaType: readMediaType(file.type), ...stored });
    });
    const { id, bytes, sha256, mediaType } = row;
    return context.json({ id, name, bytes, sha256, mediaType, createdAt: row.createdAt.toISOString() }, 201);
  });

  app.openapi(contract.getFile, async (context) => {
    const { workspace } = context.get('caller');
    const row = await readFile(database, { workspace, file: context.req.valid('param').id });
    return answerBlob(blobs, row, context.req.raw.signal);
  });

  app.openapi(contract.deleteFile, async (context) => {
    const { workspace } = context.get('caller');
    const row = await deleteFile(database, { workspace, file: context.req.valid('param').id });
    await contents.release(row.sha256);
    return context.body(null, 204);
  });
}

function refuseMissingFile(): KumikiError {
  return new KumikiError({
    code: 'invalid-request',
    status: 422,
    path: '/file',
    message: {
      en: 'Send the file as the part "file" of a multipart/form-data body.',
      ja: 'ファイルは multipart/form-data の「file」という部分に入れて送ってください。',
    },
  });
}
