import type { Texts } from '../texts.ts';

export const documents: Texts['documents'] = {
  dropHere: 'Drop files or folders here',
  chooseFiles: 'Choose files',
  chooseFolder: 'Choose a folder',
  kinds: 'Text, Markdown, HTML, PDF, Word, Excel, PowerPoint, EPUB, CSV',
  uploading: 'Uploading {{done}} of {{number}}',
  uploaded: '{{done}} of {{number}} uploaded',
  characters: '{{number}} characters',
  page: 'page {{page}}',
  pages: '{{number}} pages',
  toPassage: 'Go to the passage',
  openInCollection: 'Open in its collection',
  noText: 'The whole document cannot be shown. This is the passage alone.',
  changed: 'The document has changed since it was built, so the marked place may be off.',
};
