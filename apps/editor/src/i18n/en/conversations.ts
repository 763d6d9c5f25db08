import type { Texts } from '../texts.ts';

export const conversations: Texts['conversations'] = {
  title: 'Conversations of “{{slug}}”',
  intro: 'What this endpoint remembers, by the names that its callers gave. The one used last comes first.',
  backToEndpoints: 'All endpoints',
  back: 'Conversations of “{{slug}}”',
  open: 'Conversations',
  none: 'There are no conversations yet',
  noneText: 'A call that names a conversation is remembered under that name.',
  column: { name: 'Name', turns: 'Turns', answers: 'Answered by', used: 'Last used' },
  answers: 'version {{version}} · arm “{{output}}”',
  answered: 'version {{version}} · build {{build}}',
  answeredVersion: 'version {{version}}',
  unknownAnswer: 'no record',
  unknownAnswerHint:
    'The record of this run is older than records are kept, so the version that answered is not known.',
  facts: '{{number}} turns · last used {{time}}',
  earlier: 'Show earlier turns',
  noTurns: 'No turns were kept: the flow has no input for messages, so only the arm that answers is remembered.',
  delete: 'Delete the conversation “{{name}}”?',
  deleteText:
    'All its questions and answers are deleted. A call under the same name begins a new one. This cannot be undone.',
};
