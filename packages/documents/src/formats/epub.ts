import { decodeText } from '../decode-text.ts';
import type { ParseLimits } from '../limits.ts';
import type { TextWriter } from '../text-writer.ts';
import { resolveMember, walkXml } from '../xml.ts';
import { ZipContainer, ZipEncrypted } from '../zip.ts';
import { declaredCharset, writeHtml } from './html.ts';

/** Books: the chapters in the order of the spine (EPUB 3.3, 5.3–5.8), without the table of contents. */
export async function writeEpub(content: Uint8Array, limits: ParseLimits, writer: TextWriter): Promise<void> {
  const zip = await ZipContainer.open(content, limits);
  // Obfuscated fonts are listed there too; chapters are encrypted by a real cipher only.
  if (/xmlenc#aes|xmlenc#tripledes/.test((await zip.readXml('META-INF/encryption.xml')) ?? ''))
    throw new ZipEncrypted();
  const packagePath = findPackage((await zip.readXml('META-INF/container.xml')) ?? '');
  for (const href of readSpine((await zip.readXml(packagePath)) ?? '')) {
    const chapter = await zip.read(resolveMember(packagePath, decodeHref(href)));
    if (chapter !== null) writeHtml(decodeText(chapter, declaredCharset(chapter)) ?? '', writer);
  }
}

function findPackage(containerXml: string): string {
  let path = '';
  walkXml(containerXml, {
    open(name, attributes) {
      if (name === 'rootfile' && path === '') path = attributes['full-path'] ?? '';
    },
  });
  return path;
}

function readSpine(packageXml: string): string[] {
  const chapters = new Map<string, string>();
  const order: string[] = [];
  walkXml(packageXml, {
    open(name, { id, href, properties = '', idref, linear, ...attributes }) {
      const mediaType = attributes['media-type'] ?? '';
      if (name === 'item' && id !== undefined && href !== undefined && /html/.test(mediaType)) {
        if (!properties.split(' ').includes('nav')) chapters.set(id, href);
      } else if (name === 'itemref' && idref !== undefined && linear !== 'no') order.push(idref);
    },
  });
  return order.flatMap((id) => chapters.get(id) ?? []);
}

function decodeHref(href: string): string {
  try {
    return decodeURIComponent(href);
  } catch {
    return href;
  }
}
