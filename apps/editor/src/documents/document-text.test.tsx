import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { fileTextQuery } from '../api/collections.ts';
import { renderPage } from '../testing/render-page.tsx';
import { DocumentText } from './document-text.tsx';

const said = '[10:03] 佐藤: 届きません';
const place = {
  documentId: 'load/talk.json',
  documentName: 'talk.json',
  headings: [],
  page: null,
  start: 0,
  end: said.length,
  text: said,
  quote: null,
};
const plain = { text: '{"utterances":[{"text":"届きません"}]}', headings: [], pages: [] };
const transcript = { text: `2024-01-05 10:03\n${said}\n`, headings: [], pages: [] };

afterEach(cleanup);

const show = (cited: typeof place | null) =>
  renderPage(
    () => <DocumentText collection="c" name="talk.json" place={cited} />,
    (queries) => {
      queries.setQueryData(fileTextQuery('c', 'talk.json').queryKey, plain);
      queries.setQueryData(fileTextQuery('c', 'talk.json', 'conversations').queryKey, transcript);
    },
  );

test('a passage of a conversation is marked in the transcript of its file', async () => {
  await show(place);
  expect(document.querySelector('mark')?.textContent).toBe(said);
  expect(screen.queryByText(/utterances/)).toBeNull();
});

test('a file that is opened without a passage is shown as it is', async () => {
  await show(null);
  expect(screen.getByText(/utterances/)).toBeTruthy();
  expect(document.querySelector('mark')).toBeNull();
});

test('a passage that is in neither is told to be of an earlier text', async () => {
  await show({ ...place, text: 'もうない発言' });
  expect(screen.getByText(/utterances/)).toBeTruthy();
  expect(document.querySelector('mark')).toBeNull();
});
