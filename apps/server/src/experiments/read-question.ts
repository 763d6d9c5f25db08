import type { JsonValue, LocalisedText } from '@kumiki/flow';
import { cleanJson } from '@kumiki/store';
import { z } from 'zod';

/** What a row says, before it is known whether it can be asked. */
export type RawQuestion = {
  readonly id: string | null;
  readonly question: string;
  readonly references: readonly string[];
  readonly passages: readonly { readonly document?: string | undefined; readonly text?: string | undefined }[];
  readonly topic: string | null;
  readonly cluster: string | null;
  readonly answerable: boolean;
  readonly inputs: Readonly<Record<string, JsonValue>>;
};

/** What fields are called where nobody asked anybody, compared in NFKC and lower case, without spaces, `_` and `-`. */
const usualNames = {
  id: ['id', 'questionid', '番号', '質問id'],
  question: ['question', 'query', 'prompt', 'input', '質問', '質問文', '問い', '問い合わせ', 'お問い合わせ', 'q'],
  references: [
    ...['references', 'reference', 'answers', 'answer', 'expected', 'groundtruth', 'output'],
    ...['正解', '模範解答', '参照', '回答', '回答文', '答え', 'a'],
  ],
  passages: ['passages', 'passage', 'evidence', 'contexts', 'context', '根拠', '抜粋'],
  documents: ['documents', 'document', 'sources', 'source', '文書', '資料', '出典'],
  topic: ['topic', 'category', '話題', '分野', 'カテゴリ', 'カテゴリー'],
  cluster: ['cluster', 'group', 'conversation', 'conversationid', 'article', 'まとまり', '会話', '会話id', '記事'],
  answerable: ['answerable', '回答可能', '回答可'],
  inputs: ['inputs'],
} as const;

type Field = keyof typeof usualNames;
const fields: readonly Field[] = [
  ...(['id', 'question', 'references', 'passages', 'documents'] as const),
  ...(['topic', 'cluster', 'answerable', 'inputs'] as const),
];

const cellSchema = z.union([z.string(), z.number(), z.boolean()]).transform((value) => String(value).trim());
const textsSchema = z.union([cellSchema.transform((text) => [text]), z.array(cellSchema)]);
const passageSchema = z.union([
  cellSchema.transform((text) => ({ text })),
  z.object({ document: z.string().min(1).optional(), text: z.string().min(1).optional() }),
]);
const passagesSchema = z.union([z.array(passageSchema), passageSchema.transform((passage) => [passage])]);
const yes = new Set(['true', '1', 'yes', 'はい', '可', '○']);
const no = new Set(['false', '0', 'no', 'いいえ', '不可', '×']);

/** Reads a row of a file, or of the editor's table, by the usual names of its fields. The reason says what does not fit. */
export function readQuestion(value: unknown): RawQuestion | { readonly reason: LocalisedText } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { reason: { en: 'It is not a row with named fields.', ja: '項目名のある行になっていません。' } };
  }
  const named = findFields(value);
  const problems: string[] = [];
  const read = <Output>(field: Field, schema: z.ZodType<Output>, usual: Output): Output => {
    const found = named.get(field);
    if (found === undefined || found.value === null || found.value === '') return usual;
    const parsed = schema.safeParse(found.value);
    if (!parsed.success) problems.push(found.name);
    return parsed.success ? parsed.data : usual;
  };
  const answerable = read('answerable', cellSchema, 'true').toLowerCase();
  if (!yes.has(answerable) && !no.has(answerable)) problems.push(named.get('answerable')?.name ?? 'answerable');
  const documents = read('documents', textsSchema, []).filter((document) => document !== '');
  const question: RawQuestion = {
    id: emptyAsNull(read('id', cellSchema, '')),
    question: read('question', cellSchema, ''),
    references: read('references', textsSchema, []).filter((text) => text !== ''),
    passages: [
      ...read('passages', passagesSchema, []).filter(({ text, ...rest }) => 'document' in rest || (text ?? '') !== ''),
      ...documents.map((document) => ({ document })),
    ],
    topic: emptyAsNull(read('topic', cellSchema, '')),
    cluster: emptyAsNull(read('cluster', cellSchema, '')),
    answerable: !no.has(answerable),
    inputs: read('inputs', z.record(z.string(), z.json()), {}),
  };
  const [first] = problems;
  if (first === undefined) return cleanJson(question);
  return {
    reason: { en: `“${first}” is not what it should be.`, ja: `「${first}」の値が正しくありません。` },
  };
}

function findFields(row: object): ReadonlyMap<Field, { readonly name: string; readonly value: unknown }> {
  const byName = new Map<string, { name: string; value: unknown }>();
  for (const [name, value] of Object.entries(row)) {
    const folded = foldName(name);
    if (!byName.has(folded)) byName.set(folded, { name, value });
  }
  const found = new Map<Field, { name: string; value: unknown }>();
  for (const field of fields) {
    const name = usualNames[field].find((one) => byName.has(one));
    const named = name === undefined ? undefined : byName.get(name);
    if (named !== undefined) found.set(field, named);
  }
  return found;
}

function foldName(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_-]/g, '');
}

function emptyAsNull(text: string): string | null {
  return text === '' ? null : text;
}
