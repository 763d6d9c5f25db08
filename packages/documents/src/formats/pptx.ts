import type { ParseLimits } from '../limits.ts';
import type { TextWriter } from '../text-writer.ts';
import { readRelationships, walkXml } from '../xml.ts';
import { ZipContainer } from '../zip.ts';

const presentationPart = 'ppt/presentation.xml';
const titlePlaceholders: ReadonlySet<string> = new Set(['title', 'ctrTitle']);
/** Date, footer and slide number stand on every slide. */
const silentPlaceholders: ReadonlySet<string> = new Set(['dt', 'ftr', 'sldNum', 'hdr', 'sldImg']);

/** Presentations: every slide is a page, its title a heading; then its texts and tables, and the speaker's notes. */
export async function writePptx(content: Uint8Array, limits: ParseLimits, writer: TextWriter): Promise<void> {
  const zip = await ZipContainer.open(content, limits);
  const relationships = await readRelationships(zip, presentationPart);
  const slides = readSlideOrder((await zip.readXml(presentationPart)) ?? '');
  for (const [index, id] of slides.entries()) {
    const part = relationships.get(id)?.target;
    const xml = part === undefined ? null : await zip.readXml(part);
    if (part === undefined || xml === null) continue;
    writer.page(index + 1);
    writeSlide(xml, writer);
    const notes = [...(await readRelationships(zip, part)).values()].find(({ type }) => type === 'notesSlide');
    if (notes !== undefined) writeSlide((await zip.readXml(notes.target)) ?? '', writer);
  }
}

function readSlideOrder(xml: string): string[] {
  const ids: string[] = [];
  walkXml(xml, {
    open(name, attributes) {
      const id = attributes['r:id'];
      if (name === 'sldId' && id !== undefined) ids.push(id);
    },
  });
  return ids;
}

type Shape = { placeholder: string; paragraphs: string[] };

/** Titles come first, wherever they stand in the file. */
function writeSlide(xml: string, writer: TextWriter): void {
  const { shapes, rows } = readShapes(xml);
  for (const { placeholder, paragraphs } of shapes) {
    if (titlePlaceholders.has(placeholder)) writer.heading(1, paragraphs.join(' '));
  }
  for (const { placeholder, paragraphs } of shapes) {
    if (titlePlaceholders.has(placeholder) || silentPlaceholders.has(placeholder)) continue;
    writer.block(paragraphs.join('\n'));
  }
  for (const row of rows) writer.line(row);
}

function readShapes(xml: string): { shapes: readonly Shape[]; rows: readonly string[] } {
  const shapes: Shape[] = [];
  const rows: string[] = [];
  let shape: Shape = { placeholder: '', paragraphs: [] };
  let cells: string[] | null = null;
  let text = '';
  let inText = false;
  walkXml(xml, {
    open(name, attributes) {
      if (name === 'sp') shape = { placeholder: '', paragraphs: [] };
      else if (name === 'ph') shape.placeholder = attributes.type ?? 'body';
      else if (name === 'tr') cells = [];
      else if (name === 't') inText = true;
      else if (name === 'br') text += '\n';
    },
    text(data) {
      if (inText) text += data;
    },
    close(name) {
      if (name === 't') inText = false;
      else if (name === 'p') {
        if (cells === null) {
          if (text.trim() !== '') shape.paragraphs.push(text.trim());
          text = '';
        } else text += ' ';
      } else if (name === 'tc') {
        cells?.push(text.replaceAll('\n', ' ').trim());
        text = '';
      } else if (name === 'tr' && cells !== null) {
        if (cells.some((cell) => cell !== '')) rows.push(cells.join(' | '));
        cells = null;
      } else if (name === 'sp') shapes.push(shape);
    },
  });
  return { shapes, rows };
}
