import type { LocalisedText } from '@kumiki/flow';

/** The kinds of file that can be read. */
export type DocumentKind = 'text' | 'markdown' | 'csv' | 'html' | 'pdf' | 'docx' | 'xlsx' | 'pptx' | 'epub';

const officeMediaType = 'application/vnd.openxmlformats-officedocument';

export const documentKinds: Readonly<
  Record<DocumentKind, { readonly mediaType: string; readonly extensions: readonly string[]; readonly label: string }>
> = {
  text: {
    mediaType: 'text/plain',
    extensions: [
      'txt',
      'text',
      'log',
      'json',
      'jsonl',
      'xml',
      'yaml',
      'yml',
      'rst',
      'adoc',
      'org',
      'tex',
      'srt',
      'vtt',
    ],
    label: 'TXT',
  },
  markdown: { mediaType: 'text/markdown', extensions: ['md', 'markdown', 'mkd', 'mdx'], label: 'Markdown' },
  csv: { mediaType: 'text/csv', extensions: ['csv', 'tsv'], label: 'CSV' },
  html: { mediaType: 'text/html', extensions: ['html', 'htm', 'xhtml', 'xht'], label: 'HTML' },
  pdf: { mediaType: 'application/pdf', extensions: ['pdf'], label: 'PDF' },
  docx: {
    mediaType: `${officeMediaType}.wordprocessingml.document`,
    extensions: ['docx', 'docm', 'dotx', 'dotm'],
    label: 'Word (DOCX)',
  },
  xlsx: {
    mediaType: `${officeMediaType}.spreadsheetml.sheet`,
    extensions: ['xlsx', 'xlsm', 'xltx', 'xltm'],
    label: 'Excel (XLSX)',
  },
  pptx: {
    mediaType: `${officeMediaType}.presentationml.presentation`,
    extensions: ['pptx', 'pptm', 'ppsx', 'potx'],
    label: 'PowerPoint (PPTX)',
  },
  epub: { mediaType: 'application/epub+zip', extensions: ['epub'], label: 'EPUB' },
};

export const readableTypes = Object.values(documentKinds)
  .map(({ label }) => label)
  .join(', ');

/** Text is text: which of these a file is, its name says and nothing in it denies. */
export type TextKind = 'text' | 'markdown' | 'csv' | 'html';

const textKinds: ReadonlySet<DocumentKind> = new Set<TextKind>(['text', 'markdown', 'csv', 'html']);

export function isTextKind(kind: DocumentKind): kind is TextKind {
  return textKinds.has(kind);
}

/** The kind that a name promises, or null where its extension promises none of those that can be read. */
export function kindOfName(name: string): DocumentKind | null {
  return findKind(({ extensions }) => extensions.includes(extensionOf(name)));
}

export function kindOfMediaType(mediaType: string | null): DocumentKind | null {
  const essence = mediaType?.split(';', 1)[0]?.trim().toLowerCase();
  return findKind((kind) => kind.mediaType === essence);
}

function findKind(matches: (description: (typeof documentKinds)[DocumentKind]) => boolean): DocumentKind | null {
  for (const kind of ['text', 'markdown', 'csv', 'html', 'pdf', 'docx', 'xlsx', 'pptx', 'epub'] as const) {
    if (matches(documentKinds[kind])) return kind;
  }
  return null;
}

function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot + 1).toLowerCase();
}

/** What the first bytes say: a container to look into, a format that cannot be read, or null for anything else. */
export type Signature =
  | { readonly container: 'pdf' | 'zip' | 'ole' }
  | {
      readonly container: 'other';
      readonly label: LocalisedText;
      readonly extensions: readonly string[];
      readonly isWord: boolean;
    };

type OtherSignature = {
  readonly bytes: string;
  readonly at?: number;
  readonly label: LocalisedText;
  readonly extensions: readonly string[];
  /** The bytes are letters that a text may begin with too. */
  readonly isWord?: true;
};

const image = (format: string): LocalisedText => ({ en: `an image (${format})`, ja: `画像（${format}）` });
const archive = (format: string): LocalisedText => ({ en: `an archive (${format})`, ja: `圧縮ファイル（${format}）` });
const media = (format: string): LocalisedText => ({ en: `sound or video (${format})`, ja: `音声・動画（${format}）` });

/** Only formats that people really put beside documents. `bytes` are hex. */
const otherSignatures: readonly OtherSignature[] = [
  { bytes: '89504e470d0a1a0a', label: image('PNG'), extensions: ['png'] },
  { bytes: 'ffd8ff', label: image('JPEG'), extensions: ['jpg', 'jpeg'] },
  { bytes: '474946383761', label: image('GIF'), extensions: ['gif'], isWord: true },
  { bytes: '474946383961', label: image('GIF'), extensions: ['gif'], isWord: true },
  { bytes: '57454250', at: 8, label: image('WebP'), extensions: ['webp'] },
  { bytes: '49492a00', label: image('TIFF'), extensions: ['tif', 'tiff'] },
  { bytes: '4d4d002a', label: image('TIFF'), extensions: ['tif', 'tiff'] },
  { bytes: '66747970', at: 4, label: media('MP4'), extensions: ['mp4', 'm4a', 'mov', 'heic', 'avif'] },
  { bytes: '494433', label: media('MP3'), extensions: ['mp3'], isWord: true },
  { bytes: '4f676753', label: media('Ogg'), extensions: ['ogg', 'opus'], isWord: true },
  { bytes: '57415645', at: 8, label: media('WAV'), extensions: ['wav'] },
  { bytes: '1a45dfa3', label: media('WebM'), extensions: ['webm', 'mkv'] },
  { bytes: '1f8b', label: archive('gzip'), extensions: ['gz', 'tgz'] },
  { bytes: '425a68', label: archive('bzip2'), extensions: ['bz2'], isWord: true },
  { bytes: 'fd377a585a00', label: archive('xz'), extensions: ['xz'] },
  { bytes: '28b52ffd', label: archive('zstd'), extensions: ['zst'] },
  { bytes: '377abcaf271c', label: archive('7z'), extensions: ['7z'] },
  { bytes: '526172211a07', label: archive('RAR'), extensions: ['rar'] },
  { bytes: '7573746172', at: 257, label: archive('tar'), extensions: ['tar'] },
  { bytes: '7b5c727466', label: { en: 'rich text (RTF)', ja: 'リッチテキスト（RTF）' }, extensions: ['rtf', 'doc'] },
  { bytes: '7f454c46', label: { en: 'a program', ja: '実行ファイル' }, extensions: ['so'] },
  {
    bytes: '53514c69746520666f726d6174203300',
    label: { en: 'a database (SQLite)', ja: 'データベース（SQLite）' },
    extensions: ['db', 'sqlite'],
  },
];

export function readSignature(content: Uint8Array): Signature | null {
  const head = Buffer.from(content.buffer, content.byteOffset, Math.min(content.byteLength, 1024));
  // Readers of PDF accept junk before the header, and so must this.
  if (head.includes('%PDF-', 0, 'latin1')) return { container: 'pdf' };
  const start = head.toString('hex', 0, 512);
  // 'PK\3\4', and 'PK\5\6' of an empty archive.
  if (start.startsWith('504b0304') || start.startsWith('504b0506')) return { container: 'zip' };
  if (start.startsWith('d0cf11e0a1b11ae1')) return { container: 'ole' };
  const other = otherSignatures.find(({ bytes, at = 0 }) => start.startsWith(bytes, at * 2));
  return other === undefined
    ? null
    : { container: 'other', label: other.label, extensions: other.extensions, isWord: other.isWord ?? false };
}
