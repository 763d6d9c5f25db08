import { posix } from 'node:path';
import type { SettingRule, SettingText } from '@kumiki/flow';
import { KumikiError, type ManifestEntry, type NodeContext } from '@kumiki/node-sdk';
import { z } from 'zod';

/** Settings of the nodes that read files of a collection or a folder, with their texts. */
export const fileSettings = {
  collection: z.string().max(200).default(''),
  folder: z.string().max(1000).default(''),
  include: z.string().max(1000).default(''),
};

export const fileSettingRule: SettingRule = { rule: 'exactly-one-of', settings: ['collection', 'folder'] };

export const fileSettingTexts = {
  collection: {
    title: { en: 'Collection', ja: 'コレクション' },
    description: {
      en: 'A set of uploaded files.',
      ja: 'アップロードしたファイルの集まりを選びます。',
    },
    widget: 'collection',
  },
  folder: {
    title: { en: 'Folder', ja: 'フォルダー' },
    description: {
      en: 'Instead of a collection: a folder on the server, below one that the operator has allowed.',
      ja: 'コレクションの代わりに、管理者が許可したサーバー上のフォルダーを指定できます。',
    },
    advanced: true,
  },
  include: {
    title: { en: 'Only these files', ja: '対象のファイル' },
    description: {
      en: 'Patterns such as *.md or manuals/**/*.pdf, separated by spaces. Empty: every file.',
      ja: '*.md や manuals/**/*.pdf のようなパターンを、空白で区切って指定します。空欄にすると、すべてのファイルが対象です。',
    },
    advanced: true,
  },
} as const satisfies Record<string, SettingText>;

export type FileSettings = { readonly collection: string; readonly folder: string; readonly include: string };
export type ListedFile = ManifestEntry & { readonly mediaType: string | null };

/** Throws `no-documents` where nothing is left to load; what `FileAccess` throws passes through. */
export async function listFiles(settings: FileSettings, context: NodeContext): Promise<readonly ListedFile[]> {
  const { collection, folder, include } = settings;
  const all =
    collection === '' ? await context.files.listFolder(folder) : await context.files.listCollection(collection);
  const matches = compilePatterns(include);
  const chosen = all.filter(({ name }) => matches(name));
  if (chosen.length === 0) throw noDocuments(settings, all.length, context.node);
  return chosen;
}

/** A pattern without a slash is about the file's name, whatever folder it lies in. */
function compilePatterns(include: string): (name: string) => boolean {
  const patterns = include.split(/\s+/).filter((pattern) => pattern !== '');
  if (patterns.length === 0) return () => true;
  return (name) =>
    patterns.some((pattern) => posix.matchesGlob(pattern.includes('/') ? name : posix.basename(name), pattern));
}

export function readListedFile(
  id: string,
  { collection, folder }: FileSettings,
  { files }: NodeContext,
): Promise<{ content: Uint8Array; contentHash: string }> {
  return collection === '' ? files.readFolderFile(folder, id) : files.readCollectionFile(collection, id);
}

function noDocuments({ collection, folder, include }: FileSettings, listed: number, node: string): KumikiError {
  const where =
    collection === ''
      ? { en: `The folder “${folder}”`, ja: `フォルダー「${folder}」` }
      : { en: `The collection “${collection}”`, ja: `コレクション「${collection}」` };
  const message =
    listed === 0
      ? {
          en: `${where.en} is empty. Add files to it and build again.`,
          ja: `${where.ja}が空です。ファイルを追加して、もう一度構築してください。`,
        }
      : {
          en: `${where.en} holds ${listed} files, but none matches “${include}”. Change the pattern, or leave it empty.`,
          ja: `${where.ja}には ${listed} 件のファイルがありますが、「${include}」に合うものがありません。パターンを変えるか、空欄にしてください。`,
        };
  return new KumikiError({ code: 'no-documents', message, status: 422, node });
}
