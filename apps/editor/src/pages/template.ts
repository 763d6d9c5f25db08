import { type FlowDocument, parseFlow } from '@kumiki/flow';
import type { Language } from '../theme/appearance.ts';

/** The template that comes with the editor, as a flow file; one for each language, since prompts are in it. */
export async function openTemplate(language: Language): Promise<FlowDocument> {
  const { default: file } = language === 'ja' ? await import('./template.ja.json') : await import('./template.en.json');
  const { document } = parseFlow(file);
  if (document === null) throw new Error('The template is no flow');
  return document;
}
