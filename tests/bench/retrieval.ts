import { makeTemporaryFolder } from '@kumiki/testkit/kumiki-process';
import { databaseKinds, openTestDatabase } from '../databases.ts';
import { createRandom, takeSample } from '../random.ts';
import type { Bench, BenchRow } from './bench.ts';
import { readJaquadDev } from './jaquad.ts';
import { openEmbeddingHost } from './jaquad-index.ts';
import { measureHybrid } from './retrieval-hybrid.ts';
import { measureLexical } from './retrieval-lexical.ts';

const hybridQuestions = 150;
const lexicalQuestions = 400;

/** What a search adds to the statements that it cannot do without, and how long words are looked for among many chunks. */
export const retrievalBench: Bench = {
  name: 'retrieval',
  async run(log) {
    const articles = await readJaquadDev();
    const random = createRandom(20_261);
    const questions = articles.flatMap(({ passages }) =>
      passages.flatMap(({ questions }) => questions.map(({ text }) => text)),
    );
    const rows: BenchRow[] = [];
    const host = await openEmbeddingHost({ lanes: 1 });
    try {
      for (const kind of databaseKinds) {
        const { folder, remove } = await makeTemporaryFolder();
        const database = await openTestDatabase(kind);
        try {
          const given = { folder, environment: database.environment, articles, host, log };
          const sample = takeSample(questions, hybridQuestions, random);
          rows.push(await measureHybrid({ kind, questions: sample, ...given }));
        } finally {
          await database.remove();
          await remove();
        }
      }
    } finally {
      await host.close();
    }
    const database = await openTestDatabase('postgres');
    try {
      const sample = takeSample(questions, lexicalQuestions, random);
      const databaseUrl = database.environment.DATABASE_URL ?? '';
      rows.push(...(await measureLexical({ databaseUrl, articles, questions: sample, log })));
    } finally {
      await database.remove();
    }
    return rows;
  },
};
