import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { TextContent } from 'pdfjs-dist/types/src/display/api.js';
import { restoreIdeographs } from '../clean-text.ts';
import type { ParseLimits } from '../limits.ts';
import { TextTooLong, type TextWriter } from '../text-writer.ts';
import { findLines, type PageLine, writePages } from './pdf-layout.ts';

export class PdfEncrypted extends Error {}
export class PdfTooLong extends Error {}

/**
 * PDF, page by page. The CMaps of Japanese encodings lie in the pdfjs-dist package and are read from there, so nothing
 * is fetched. Throws PdfEncrypted where a password is needed, PdfTooLong past the page limit, else what pdf.js throws.
 */
export async function writePdf(content: Uint8Array, limits: ParseLimits, writer: TextWriter): Promise<void> {
  const pdfjs = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const resources = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
  const task = pdfjs.getDocument({
    // pdf.js takes the buffer over.
    data: new Uint8Array(content),
    cMapUrl: `${join(resources, 'cmaps')}/`,
    cMapPacked: true,
    standardFontDataUrl: `${join(resources, 'standard_fonts')}/`,
    useSystemFonts: false,
    disableFontFace: true,
    useWasm: false,
    useWorkerFetch: false,
    enableXfa: false,
    maxImageSize: 0,
    verbosity: pdfjs.VerbosityLevel.ERRORS,
  });
  try {
    const document = await task.promise;
    if (document.numPages > limits.pages) throw new PdfTooLong();
    const pages: PageLine[][] = [];
    let length = 0;
    for (let number = 1; number <= document.numPages; number++) {
      const page = await document.getPage(number);
      const lines = findLines(readItems(await page.getTextContent()));
      length += lines.reduce((sum, line) => sum + line.text.length, 0);
      if (length > limits.textLength) throw new TextTooLong();
      pages.push(lines);
      page.cleanup();
    }
    writePages(pages, writer);
  } catch (error) {
    throw error instanceof pdfjs.PasswordException ? new PdfEncrypted() : error;
  } finally {
    await task.destroy();
  }
}

function readItems({ items, styles }: TextContent) {
  return items.flatMap((item) => {
    if (!('str' in item)) return [];
    const [, , skew = 0, scale = 0, x = 0, y = 0]: number[] = item.transform;
    const style: { vertical?: boolean } | undefined = styles[item.fontName];
    const size = Math.hypot(skew, scale) || item.height;
    return [
      {
        text: restoreIdeographs(item.str),
        x,
        y,
        size,
        vertical: style?.vertical === true,
        width: item.width,
        height: item.height,
        endsLine: item.hasEOL,
      },
    ];
  });
}
