import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { z } from 'zod';

const fileSchema = z.object({
  data: z.array(
    z.object({
      title: z.string(),
      paragraphs: z.array(z.object({ context: z.string(), qas: z.array(z.object({ question: z.string() })) })),
    }),
  ),
});

export type JaquadPassage = { readonly text: string; readonly questions: readonly string[] };
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
        questions: qas.map(({ question }) => question),
      }));
      articles.push({ title, passages });
    }
  }
  return articles;
}
