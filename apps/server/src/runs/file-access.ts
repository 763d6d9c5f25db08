import { createHash } from 'node:crypto';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { type BlobStore, type FileAccess, KumikiError } from '@kumiki/node-sdk';
import {
  type CollectionRow,
  checkContentOf,
  type Database,
  listCollectionFiles,
  readCollection,
  readCollectionFile,
  withNamedErrors,
} from '@kumiki/store';
import { readWhole } from '../read-whole.ts';

export type FileAccessOptions = {
  readonly workspace: string;
  readonly database: Database;
  readonly blobs: BlobStore;
  /** Folders that the operator has listed. */
  readonly folders: readonly string[];
  /** The folder of the flow file that the flow came from, where it came from one: relative folders count from it. */
  readonly origin: string | null;
  readonly signal: AbortSignal;
};

export function createFileAccess(options: FileAccessOptions): FileAccess {
  const { workspace, database, blobs, signal } = options;
  /** A build reads one document after the other from the same collection. */
  const found = new Map<string, CollectionRow>();
  const openCollection = async (collection: string): Promise<CollectionRow> => {
    const row = found.get(collection) ?? (await findCollection(database, workspace, collection));
    found.set(collection, row);
    return row;
  };
  return {
    async listCollection(collection) {
      const files = await withNamedErrors(async () => {
        const { id } = await openCollection(collection);
        return listCollectionFiles(database, { workspace, collection: id });
      });
      return files.map(({ name, sha256, mediaType }) => ({
        id: name,
        name,
        identity: sha256,
        contentHash: sha256,
        mediaType,
      }));
    },
    async listFolder(folder) {
      const root = await openListedFolder(folder, options);
      const paths = await listFiles(root, signal);
      return Promise.all(
        paths.map(async (path) => {
          const { size, mtimeMs, ino } = await stat(join(root, path));
          // The same name, size and time in another folder is another file.
          const place = createHash('sha256').update(root).digest('hex').slice(0, 16);
          return {
            id: path,
            name: path,
            identity: `${place}:${ino}:${size}:${mtimeMs}`,
            contentHash: null,
            mediaType: null,
          };
        }),
      );
    },
    async readCollectionFile(collection, id) {
      const { sha256 } = await withNamedErrors(async () => {
        const { id: collectionId } = await openCollection(collection);
        return readCollectionFile(database, { workspace, collection: collectionId, name: id });
      });
      return { content: await readWhole(blobs.read(sha256, signal)), contentHash: sha256 };
    },
    async readFolderFile(folder, id) {
      const root = await openListedFolder(folder, options);
      const path = await realpath(join(root, id)).catch(() => null);
      if (path === null || !isBelow(path, root)) throw refuseMissing(`${folder}/${id}`);
      const content = await readFile(path, { signal });
      return { content, contentHash: createHash('sha256').update(content).digest('hex') };
    },
    async readFile({ sha256 }) {
      await withNamedErrors(() => checkContentOf(database, { workspace, sha256 }));
      return readWhole(blobs.read(sha256, signal));
    },
  };
}

/** Flows name collections; the id is taken as well, since that is what the API's own lists show. */
async function findCollection(database: Database, workspace: string, collection: string): Promise<CollectionRow> {
  try {
    return await readCollection(database, { workspace, name: collection });
  } catch (error) {
    if (!(error instanceof KumikiError) || error.code !== 'collection-unknown') throw error;
    return readCollection(database, { workspace, collection }).catch(() => {
      throw error;
    });
  }
}

/**
 * The real path of a folder that may be read: below one that the operator listed, or, where it is relative, below the
 * folder of the flow's own file. Links are followed first, so that none leads out.
 */
export async function openListedFolder(
  folder: string,
  { folders, origin }: Pick<FileAccessOptions, 'folders' | 'origin'>,
): Promise<string> {
  const isRelative = !isAbsolute(folder);
  const allowed = isRelative ? (origin === null ? [] : [origin]) : folders;
  const asked = isRelative ? resolve(origin ?? sep, folder) : folder;
  const roots = await Promise.all(allowed.map((root) => realpath(root).catch(() => null)));
  // Asked of the path as it is written too, so that nobody learns what exists elsewhere.
  if (!allowed.some((root) => isBelow(resolve(asked), resolve(root)))) throw refuseUnlisted(folder);
  const path = await realpath(asked).catch(() => null);
  if (path === null || !(await stat(path)).isDirectory()) throw refuseMissing(folder);
  if (!roots.some((root) => root !== null && isBelow(path, root))) throw refuseUnlisted(folder);
  return path;
}

/** Paths relative to the root, with `/`, sorted. Hidden files and links that lead out are left alone. */
async function listFiles(root: string, signal: AbortSignal): Promise<string[]> {
  const found: string[] = [];
  const folders = [root];
  for (const folder of folders) {
    signal.throwIfAborted();
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.name.startsWith('.')) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile() || (entry.isSymbolicLink() && (await leadsToFileBelow(path, root)))) found.push(path);
    }
  }
  return found.map((path) => relative(root, path).split(sep).join('/')).sort();
}

async function leadsToFileBelow(link: string, root: string): Promise<boolean> {
  const target = await realpath(link).catch(() => null);
  return target !== null && isBelow(target, root) && (await stat(target)).isFile();
}

function isBelow(path: string, root: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function refuseUnlisted(folder: string): KumikiError {
  return new KumikiError({
    code: 'folder-not-listed',
    status: 422,
    message: {
      en: `The server may not read the folder “${folder}”. The operator allows folders by KUMIKI_FOLDERS; a relative folder works for flows that came from a file, and lies beside that file.`,
      ja: `サーバーはフォルダー「${folder}」を読み取れません。読み取れるフォルダーは管理者が KUMIKI_FOLDERS で指定します。相対パスは、ファイルから取り込んだフローでのみ、そのファイルの場所を基準に使えます。`,
    },
  });
}

function refuseMissing(folder: string): KumikiError {
  return new KumikiError({
    code: 'folder-missing',
    status: 422,
    message: {
      en: `The folder or file “${folder}” does not exist on the server. Correct the path, or put it there.`,
      ja: `フォルダーまたはファイル「${folder}」がサーバーにありません。パスを直すか、その場所に置いてください。`,
    },
  });
}
