import { cleanText, type Document } from '@kumiki/node-sdk';
import { TextTooLong } from '../text-writer.ts';

/** Plain text keeps its every line; nothing in it is taken for a heading. */
export function readPlainText(text: string, maximumLength: number): Document {
  const clean = cleanText(text);
  if (clean.length > maximumLength) throw new TextTooLong();
  return { text: clean, headings: [], pages: [] };
}
