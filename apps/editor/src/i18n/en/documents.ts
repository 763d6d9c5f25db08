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
  noText: 'The whole document cannot be shown. Only the passage is shown.',
  changed: 'The document has changed since the build, so the marked place may be off.',
};
