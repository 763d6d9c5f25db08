import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { z } from 'zod';

const questionSchema = z.object({ question: z.string(), answers: z.array(z.object({ text: z.string() })) });
const fileSchema = z.object({
  data: z.array(
    z.object({
      title: z.string(),
      paragraphs: z.array(z.object({ context: z.string(), qas: z.array(questionSchema) })),
    }),
  ),
});

export type JaquadQuestion = { readonly text: string; readonly answers: readonly string[] };
export type JaquadPassage = { readonly text: string; readonly questions: readonly JaquadQuestion[] };
export type JaquadArticle = { readonly title: string; readonly passages: readonly JaquadPassage[] };

/** The articles of JaQuAD's development set with their passages and the questions that were written from each. */
export async function readJaquadDev(): Promise<readonly JaquadArticle[]> {
  const folder = new URL('../../../shared/data/jaquad/', import.meta.url);
  if (!existsSync(folder))
    throw new Error(`This bench asks the questions of JaQuAD, whose files have to lie in ${folder.pathname}.`);
  const names = (await readdir(folder)).filter((name) => name.startsWith('jaquad_dev_')).toSorted();
  const articles: JaquadArticle[] = [];
  for (const name of names) {
    const { data } = fileSchema.parse(JSON.parse(await readFile(new URL(name, folder), 'utf8')));
    for (const { title, paragraphs } of data) {
      const passages = paragraphs.map(({ context, qas }) => ({
        text: context,
        questions: qas.map(({ question, answers }) => ({ text: question, answers: answers.map(({ text }) => text) })),
      }));
      articles.push({ title, passages });
    }
  }
  return articles;
}
