/** One line of the table in which questions are typed. */
export type TypedQuestion = {
  readonly question: string;
  readonly reference: string;
  readonly document: string;
  readonly topic: string;
  /** The documents do not tell: to say so is right. */
  readonly unanswerable: boolean;
};

export const questionColumns = ['question', 'reference', 'document', 'topic'] as const;
export type QuestionColumn = (typeof questionColumns)[number];

export const emptyQuestion: TypedQuestion = {
  question: '',
  reference: '',
  document: '',
  topic: '',
  unanswerable: false,
};

/**
 * Puts cells of a spreadsheet, as tabs and line ends, into the table from a cell on; lines are added as needed. Null where
 * the text is a single cell, which the field itself takes.
 */
export function pasteCells(
  rows: readonly TypedQuestion[],
  at: { readonly row: number; readonly column: QuestionColumn },
  text: string,
): readonly TypedQuestion[] | null {
  const lines = text.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n');
  if (lines.length === 1 && !text.includes('\t')) return null;
  const first = questionColumns.indexOf(at.column);
  const pasted = [...rows];
  for (const [place, line] of lines.entries()) {
    const cells = line.split('\t').slice(0, questionColumns.length - first);
    const values = Object.fromEntries(cells.map((cell, column) => [questionColumns[first + column], cell.trim()]));
    pasted[at.row + place] = { ...(pasted[at.row + place] ?? emptyQuestion), ...values };
  }
  return pasted;
}

/** What is sent: lines with a question, with the names that a question has. */
export function readTypedQuestions(rows: readonly TypedQuestion[]) {
  return rows
    .filter(({ question }) => question.trim() !== '')
    .map(({ question, reference, document, topic, unanswerable }) => ({
      question: question.trim(),
      references: reference.trim() === '' ? [] : [reference.trim()],
      passages: document.trim() === '' ? [] : [{ document: document.trim() }],
      topic: topic.trim() === '' ? null : topic.trim(),
      // Questions on one document are not independent of one another.
      cluster: document.trim() === '' ? null : document.trim(),
      answerable: !unanswerable,
    }));
}
