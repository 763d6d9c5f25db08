import { deleteQuestionSet, listQuestionSets, listQuestions, readQuestionSet, readQuestions } from '@kumiki/store';
import * as contract from '../contract/question-sets.ts';
import { formatQuestionLine } from '../experiments/question-collector.ts';
import { createQuestionSet, describeQuestion, describeQuestionSet } from '../experiments/question-sets.ts';
import type { App } from '../http/environment.ts';
import type { Workbench } from '../workbench.ts';

export function addQuestionSetRoutes(app: App, workbench: Workbench): void {
  const { blobs, documents } = workbench;
  const { database } = workbench.store;

  app.openapi(contract.createQuestionSet, async (context) => {
    const { workspace } = context.get('caller');
    const { signal } = context.req.raw;
    const parts = { workspace, database, blobs, documents, signal };
    const row = await createQuestionSet(parts, context.req.valid('json'));
    return context.json(describeQuestionSet(row), 201);
  });

  app.openapi(contract.listQuestionSets, async (context) => {
    const { workspace } = context.get('caller');
    const page = await listQuestionSets(database, { workspace, ...context.req.valid('query') });
    return context.json({ items: page.items.map(describeQuestionSet), next: page.next }, 200);
  });

  app.openapi(contract.getQuestionSet, async (context) => {
    const { workspace } = context.get('caller');
    const row = await readQuestionSet(database, { workspace, questionSet: context.req.valid('param').id });
    return context.json(describeQuestionSet(row), 200);
  });

  app.openapi(contract.listQuestions, async (context) => {
    const { workspace } = context.get('caller');
    const at = { workspace, questionSet: context.req.valid('param').id };
    const page = await listQuestions(database, { ...at, ...context.req.valid('query') });
    return context.json({ items: page.items.map(describeQuestion), next: page.next }, 200);
  });

  app.openapi(contract.getQuestionSetFile, async (context) => {
    const { workspace } = context.get('caller');
    const at = { workspace, questionSet: context.req.valid('param').id };
    const { name } = await readQuestionSet(database, at);
    const lines: string[] = [];
    for await (const { content } of readQuestions(database, at)) lines.push(formatQuestionLine(content));
    return new Response(lines.join(''), {
      headers: {
        'content-type': 'application/jsonl; charset=utf-8',
        'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}.jsonl`,
      },
    });
  });

  app.openapi(contract.deleteQuestionSet, async (context) => {
    const { workspace } = context.get('caller');
    await deleteQuestionSet(database, { workspace, questionSet: context.req.valid('param').id });
    return context.body(null, 204);
  });
}
