import type { Schemas } from '@kumiki/client';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from './client.ts';
import { unwrap } from './problem.ts';

export type QuestionSet = Schemas['QuestionSet'];
export type QuestionSetSource = Schemas['QuestionSetSource'];

const pageSize = 100;

/** Newest first; the first page, which is more than a team chooses from. */
export const questionSetsQuery = queryOptions({
  queryKey: ['question-sets'],
  queryFn: async ({ signal }) =>
    (await unwrap(client.GET('/api/question-sets', { signal, params: { query: { limit: pageSize } } }))).items,
});

/** A file is uploaded first; everything else is named. */
export type QuestionSource =
  | Exclude<QuestionSetSource, { kind: 'file' }>
  | { readonly kind: 'upload'; readonly file: File };

/** Reads questions from where they are, and freezes them. What was wrong with some is in its `findings`. */
export function useCreateQuestionSet() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ name, source }: { readonly name: string; readonly source: QuestionSource }) => {
      const stored = source.kind === 'upload' ? { kind: 'file' as const, file: await uploadFile(source.file) } : source;
      return unwrap(client.POST('/api/question-sets', { body: { name, source: stored } }));
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['question-sets'] }),
  });
}

/** Gives the id under which the server has the file. */
async function uploadFile(file: File): Promise<string> {
  const form = new FormData();
  form.append('file', file);
  const { id } = await unwrap(
    // The contract has the file as a binary string; what is sent is the form.
    client.POST('/api/files', { body: { file: file.name }, bodySerializer: () => form }),
  );
  return id;
}
