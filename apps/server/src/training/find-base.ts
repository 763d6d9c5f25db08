import { type ChatModelValue, KumikiError } from '@kumiki/node-sdk';
import type { TrainingBase } from '@kumiki/training';
import type { EmbeddedHost } from '../models/embedded-models.ts';
import { openListedFolder } from '../runs/file-access.ts';

export type BaseParts = {
  readonly embedded: Pick<EmbeddedHost, 'listCatalogue' | 'modelFile'>;
  /** Folders that the operator has listed. */
  readonly folders: readonly string[];
};

/**
 * Where the weights of a model lie: where a setting says, or in the catalogue's file with the very digest that the host
 * tells. Throws `model-not-trainable`, `folder-not-listed`, `folder-missing`, `model-unavailable`.
 */
export async function findBase(
  parts: BaseParts,
  model: ChatModelValue,
  named: string | null,
  signal: AbortSignal,
): Promise<TrainingBase> {
  if (named !== null) return await readNamedBase(named, parts.folders);
  const base = model.digest === null ? null : await findGgufBase(parts, model.digest, signal);
  if (base === null) throw refuseUnknown(model);
  return base;
}

/** The catalogue's file with a digest (`sha256:…`); null where the catalogue has none. */
export async function findGgufBase(
  { embedded }: Pick<BaseParts, 'embedded'>,
  digest: string,
  signal: AbortSignal,
): Promise<Extract<TrainingBase, { kind: 'gguf' }> | null> {
  const entry = (await embedded.listCatalogue()).find(({ sha256 }) => `sha256:${sha256}` === digest);
  if (entry === undefined) return null;
  const file = await embedded.modelFile(entry.name, () => undefined, signal);
  return { kind: 'gguf', file, sha256: entry.sha256 };
}

const hubName = /^([\w.-]+\/[\w.-]+)@([0-9a-f]{40})$/;

async function readNamedBase(named: string, folders: readonly string[]): Promise<TrainingBase> {
  const [, name, revision] = hubName.exec(named) ?? [];
  if (name !== undefined && revision !== undefined) return { kind: 'hub', name, revision };
  if (/^[\w.-]+\/[\w.-]+(@|$)/.test(named)) throw refuseUnpinned(named);
  return { kind: 'folder', folder: await openListedFolder(named, { folders, origin: null }) };
}

function refuseUnknown({ host, name }: ChatModelValue): KumikiError {
  return new KumikiError({
    code: 'model-not-trainable',
    status: 422,
    message: {
      en: `Kumiki does not know where to get the weights of “${name}” on “${host}”, so it cannot train it. Choose a model of the catalogue, or name the weights in the advanced settings of the fine-tune node: a folder, or owner/name@commit on the hub.`,
      ja: `「${host}」のモデル「${name}」の重みの入手先が分からないため、学習できません。一覧にある内蔵のモデルを選ぶか、ファインチューニングの詳細設定で重みの場所（フォルダー、またはハブの 所有者/名前@コミット）を指定してください。`,
    },
  });
}

function refuseUnpinned(named: string): KumikiError {
  return new KumikiError({
    code: 'model-not-trainable',
    status: 422,
    path: '/settings/base',
    message: {
      en: `“${named}” names no commit, so its contents could change under the tuned model. Write owner/name@commit with all 40 digits of the commit.`,
      ja: `「${named}」にコミットの指定がないため、あとから内容が変わるおそれがあります。所有者/名前@コミット の形で、コミットを 40 桁すべて書いてください。`,
    },
  });
}
