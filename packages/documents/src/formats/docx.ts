import mammoth from 'mammoth';
import type { ParseLimits } from '../limits.ts';
import type { TextWriter } from '../text-writer.ts';
import { ZipContainer } from '../zip.ts';
import { writeHtml } from './html.ts';

/** Japanese Word names its heading styles 見出し; some templates carry those names in the file. */
const styleMap = [1, 2, 3, 4, 5, 6].flatMap((level) => [
  `p[style-name='見出し ${level}'] => h${level}:fresh`,
  `p[style-name='見出し${level}'] => h${level}:fresh`,
]);
const titleMap = [
  "p[style-name='Title'] => h1:fresh",
  "p[style-name='表題'] => h1:fresh",
  "p[style-name='Subtitle'] => h2:fresh",
];

/** Word documents by way of mammoth's HTML: headings by style, lists, tables, notes; pictures and fields are left out. */
export async function writeDocx(content: Uint8Array, limits: ParseLimits, writer: TextWriter): Promise<void> {
  await checkMembers(content, limits);
  const { value } = await mammoth.convertToHtml(
    { buffer: Buffer.from(content.buffer, content.byteOffset, content.byteLength) },
    {
      styleMap: [...styleMap, ...titleMap],
      ignoreEmptyParagraphs: true,
      externalFileAccess: false,
      convertImage: mammoth.images.imgElement(async () => ({ src: '' })),
    },
  );
  writeHtml(value, writer);
}

/** mammoth unpacks without limits, so what it will read is unpacked here first, where sizes are checked. */
async function checkMembers(content: Uint8Array, limits: ParseLimits): Promise<void> {
  const zip = await ZipContainer.open(content, limits);
  for (const name of zip.names) {
    if (/\.(?:xml|rels)$/i.test(name)) await zip.read(name);
  }
}
