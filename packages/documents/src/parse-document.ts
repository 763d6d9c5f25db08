import type { LocalisedText } from '@kumiki/flow';
import { type Document, KumikiError } from '@kumiki/node-sdk';
import { decodeText, looksBinary } from './decode-text.ts';
import { documentError } from './document-error.ts';
import {
  type DocumentKind,
  documentKinds,
  isTextKind,
  kindOfMediaType,
  kindOfName,
  readableTypes,
  readSignature,
  type TextKind,
} from './file-types.ts';
import { writeCsv } from './formats/csv.ts';
import { writeDocx } from './formats/docx.ts';
import { writeEpub } from './formats/epub.ts';
import { declaredCharset, writeHtml } from './formats/html.ts';
import { readMarkdown } from './formats/markdown.ts';
import { PdfEncrypted, PdfTooLong, writePdf } from './formats/pdf.ts';
import { writePptx } from './formats/pptx.ts';
import { readPlainText } from './formats/text.ts';
import { writeXlsx } from './formats/xlsx.ts';
import type { ParseLimits } from './limits.ts';
import { TextTooLong, TextWriter } from './text-writer.ts';
import { ZipContainer, ZipEncrypted, ZipTooLarge } from './zip.ts';

export type FileToParse = { readonly name: string; readonly mediaType: string | null; readonly content: Uint8Array };
export type ParsedDocument = Document & { readonly mediaType: string };

/**
 * Reads one file, here and now; callers want it in a process apart. What a file is, its content says; a name that
 * promises another type is `document-type-mismatch`. Every failure is a KumikiError with one of the parser's codes.
 */
export async function parseDocument(file: FileToParse, limits: ParseLimits): Promise<ParsedDocument> {
  if (file.content.byteLength > limits.fileBytes) throw documentError('document-too-large', file.name);
  try {
    const kind = await findKind(file, limits);
    const document = await readAs(kind, file, limits);
    if (document.text.trim() === '') throw documentError('document-without-text', file.name);
    return { ...document, mediaType: documentKinds[kind].mediaType };
  } catch (error) {
    throw nameError(error, file.name);
  }
}

export function nameError(error: unknown, name: string): KumikiError {
  if (error instanceof KumikiError) return error;
  if (error instanceof ZipEncrypted || error instanceof PdfEncrypted) return documentError('document-encrypted', name);
  if (error instanceof ZipTooLarge || error instanceof TextTooLong || error instanceof PdfTooLong) {
    return documentError('document-too-large', name);
  }
  return documentError('document-damaged', name, { cause: error });
}

async function findKind(file: FileToParse, limits: ParseLimits): Promise<DocumentKind> {
  const promised = kindOfName(file.name);
  const promisesText = promised !== null && isTextKind(promised);
  const signature = readSignature(file.content);
  if (signature === null || (signature.container === 'other' && signature.isWord && promisesText)) {
    if (promised !== null && !promisesText)
      throw mismatch(file.name, { en: 'text or unknown data', ja: 'テキストまたは不明なデータ' });
    return promised ?? kindOfText(file);
  }
  switch (signature.container) {
    case 'pdf':
      return expectKind(file.name, promised, 'pdf');
    case 'zip': {
      const kind = await kindOfZip(file.content, promised, limits);
      if (kind !== null) return expectKind(file.name, promised, kind);
      const label = { en: 'an archive (zip)', ja: '圧縮ファイル（zip）' };
      throw promised === null ? unreadable(file.name, label) : mismatch(file.name, label);
    }
    case 'ole':
      throw describeOle(file, promised);
    case 'other':
      throw promised === null ? unreadable(file.name, signature.label) : mismatch(file.name, signature.label);
  }
}

function expectKind(name: string, promised: DocumentKind | null, found: DocumentKind): DocumentKind {
  if (promised === null || promised === found) return found;
  const { label } = documentKinds[found];
  throw mismatch(name, { en: label, ja: label });
}

/** A text whose name says nothing: HTML by its first tag or by what the upload declared, else plain. */
function kindOfText(file: FileToParse): DocumentKind {
  const declared = kindOfMediaType(file.mediaType);
  if (declared !== null && isTextKind(declared)) return declared;
  const head = decodeText(file.content.subarray(0, 4096));
  if (head === null) throw unreadable(file.name);
  return /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:!doctype html|html)\b/i.test(head) ? 'html' : 'text';
}

async function kindOfZip(
  content: Uint8Array,
  promised: DocumentKind | null,
  limits: ParseLimits,
): Promise<DocumentKind | null> {
  let names: readonly string[];
  try {
    ({ names } = await ZipContainer.open(content, limits));
  } catch (error) {
    // An archive that nobody called a document is not worth a word on its damage.
    if (promised === null) return null;
    throw error;
  }
  if (names.includes('META-INF/container.xml')) return 'epub';
  if (!names.includes('[Content_Types].xml')) return null;
  if (names.some((name) => name.startsWith('word/'))) return 'docx';
  if (names.some((name) => name.startsWith('xl/'))) return 'xlsx';
  if (names.some((name) => name.startsWith('ppt/'))) return 'pptx';
  return null;
}

/** Office puts an encrypted document into the container of its old formats, under this name ([MS-OFFCRYPTO] 2.3.4). */
const encryptedPackage = Buffer.from('EncryptedPackage', 'utf16le');

function describeOle(file: FileToParse, promised: DocumentKind | null): KumikiError {
  const content = Buffer.from(file.content.buffer, file.content.byteOffset, file.content.byteLength);
  if (content.includes(encryptedPackage)) return documentError('document-encrypted', file.name);
  const label = { en: 'a file of Office 97–2003', ja: 'Office 97〜2003 形式のファイル' };
  return promised === null ? unreadable(file.name, label) : mismatch(file.name, label);
}

function unreadable(name: string, found?: LocalisedText): KumikiError {
  return documentError('document-type-unknown', name, {
    detail: {
      en: `${found === undefined ? '' : `It is ${found.en}. `}These types can be read: ${readableTypes}.`,
      ja: `${found === undefined ? '' : `中身は${found.ja}です。`}読み取れる種類：${readableTypes}`,
    },
  });
}

function mismatch(name: string, found: LocalisedText): KumikiError {
  return documentError('document-type-mismatch', name, {
    detail: {
      en: `It holds ${found.en}. Rename it, or upload the right file.`,
      ja: `中身は${found.ja}です。拡張子を直すか、正しいファイルをアップロードしてください。`,
    },
  });
}

async function readAs(kind: DocumentKind, file: FileToParse, limits: ParseLimits): Promise<Document> {
  const text = isTextKind(kind) ? decodeFile(kind, file) : '';
  if (kind === 'text') return readPlainText(text, limits.textLength);
  if (kind === 'markdown') return readMarkdown(text, limits.textLength);
  const writer = new TextWriter(limits.textLength);
  if (kind === 'html') writeHtml(text, writer);
  else if (kind === 'csv') writeCsv(text, writer);
  else await containerWriters[kind](file.content, limits, writer);
  return writer.finish();
}

type ContainerWriter = (content: Uint8Array, limits: ParseLimits, writer: TextWriter) => Promise<void>;

const containerWriters: Readonly<Record<Exclude<DocumentKind, TextKind>, ContainerWriter>> = {
  pdf: writePdf,
  docx: writeDocx,
  xlsx: writeXlsx,
  pptx: writePptx,
  epub: writeEpub,
};

function decodeFile(kind: TextKind, { name, content }: FileToParse): string {
  const text = decodeText(content, kind === 'html' ? declaredCharset(content) : null);
  if (text !== null) return text;
  if (looksBinary(content)) throw mismatch(name, { en: 'binary data', ja: 'テキストではないデータ' });
  throw documentError('document-damaged', name, {
    detail: {
      en: 'Its character encoding could not be told: save it as UTF-8.',
      ja: '文字コードを判別できないため、UTF-8 で保存してください。',
    },
  });
}
