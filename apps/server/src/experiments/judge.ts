import type { JsonValue } from '@kumiki/flow';
import type { ModelAccess } from '@kumiki/node-sdk';
import type { Verdict } from '@kumiki/store';
import { z } from 'zod';

/** Where a judge is asked. Its digest is what it was when the experiment began. */
export type JudgeModel = { readonly host: string; readonly name: string; readonly digest: string | null };

/** What the judge is told, word for word; the report shows it. `{…}` is filled in. */
export const judgePrompts = {
  pair: `You compare two answers to a question. Judge by what they say, not by their length, their order or their style.
Answer with JSON only: {"better": "A" or "B" or "tie", "reason": "one sentence in the language of the question"}

Question:
{question}

Reference answer:
{reference}

Answer A:
{first}

Answer B:
{second}`,
  correctness: `You check an answer against a reference. "right": it says what the reference says and nothing against it. "partly": something of it is missing or wrong. "wrong": anything else.
Answer with JSON only: {"verdict": "right" or "partly" or "wrong", "reason": "one sentence in the language of the question"}

Question:
{question}

Reference answer:
{reference}

Answer:
{answer}`,
  faithfulness: `You check whether passages support an answer. Split the answer into its statements, and say of each whether the passages alone support it.
Answer with JSON only: {"statements": [{"statement": "…", "supported": true or false}]}

Passages:
{passages}

Answer:
{answer}`,
  context: `You check whether passages help to answer a question. Say of each passage, in their order, whether it does.
Answer with JSON only, with {count} values: {"useful": [true or false, …]}

Question:
{question}

Reference answer:
{reference}

Passages:
{passages}`,
} as const;

const pairSchema = z.object({ better: z.enum(['A', 'B', 'tie']), reason: z.string().default('') });
const correctnessSchema = z.object({ verdict: z.enum(['right', 'partly', 'wrong']), reason: z.string().default('') });
const faithfulnessSchema = z.object({
  statements: z.array(z.object({ statement: z.string().default(''), supported: z.boolean() })),
});
const contextSchema = z.object({ useful: z.array(z.boolean()) });

const mostTokens = 1_024;
const contextLength = 8_192;
/** Passages and answers that are longer are cut for the judge: they would not fit with the rest. */
const mostCharacters = 6_000;

export type JudgedQuestion = { readonly question: string; readonly references: readonly string[] };

/** Asks a chat model for verdicts. What cannot be read is null: a judge that answers rubbish says nothing, and is counted. */
export class Judge {
  readonly #models: Pick<ModelAccess, 'chat'>;
  readonly #model: JudgeModel;

  constructor(models: Pick<ModelAccess, 'chat'>, model: JudgeModel) {
    this.#models = models;
    this.#model = model;
  }

  /** Which of two answers is better, as they are shown. */
  async comparePair(
    asked: JudgedQuestion,
    first: string,
    second: string,
  ): Promise<{ readonly verdict: Verdict; readonly reason: string } | null> {
    const said = await this.#ask(judgePrompts.pair, { ...describe(asked), first, second }, pairSchema);
    if (said === null) return null;
    const verdicts = { A: 'first', B: 'second', tie: 'tie' } as const;
    return { verdict: verdicts[said.better], reason: said.reason };
  }

  async checkAnswer(asked: JudgedQuestion, answer: string) {
    return this.#ask(judgePrompts.correctness, { ...describe(asked), answer }, correctnessSchema);
  }

  /** One value for each statement of the answer. */
  async checkSupport(answer: string, passages: readonly string[]): Promise<readonly boolean[] | null> {
    const values = { answer, passages: listPassages(passages) };
    const said = await this.#ask(judgePrompts.faithfulness, values, faithfulnessSchema);
    return said?.statements.map(({ supported }) => supported) ?? null;
  }

  /** One value for each passage. */
  async checkPassages(asked: JudgedQuestion, passages: readonly string[]): Promise<readonly boolean[] | null> {
    const values = { ...describe(asked), passages: listPassages(passages), count: String(passages.length) };
    const said = await this.#ask(judgePrompts.context, values, contextSchema);
    return said === null || said.useful.length !== passages.length ? null : said.useful;
  }

  async #ask<Said>(
    prompt: string,
    values: Readonly<Record<string, string>>,
    schema: z.ZodType<Said>,
  ): Promise<Said | null> {
    const content = prompt.replace(
      /\{(\w+)\}/g,
      (whole, name: string) => values[name]?.slice(0, mostCharacters) ?? whole,
    );
    let text = '';
    const model = { ...this.#model, adapter: null, template: null, contextLength };
    const chat = this.#models.chat(model, {
      messages: [{ role: 'user', content }],
      temperature: 0,
      seed: 0,
      maximumTokens: mostTokens,
      contextLength,
      // The edge: zod writes plain JSON.
      responseSchema: z.toJSONSchema(schema, { io: 'input' }) as JsonValue,
    });
    for await (const event of chat) if (event.type === 'delta') text += event.text;
    return schema.safeParse(readObject(text)).data ?? null;
  }
}

function describe({ question, references }: JudgedQuestion) {
  return { question, reference: references.join('\n') || '(none)' };
}

function listPassages(passages: readonly string[]): string {
  return passages.map((passage, place) => `[${place + 1}] ${passage}`).join('\n\n');
}

/** Some models talk around what they were asked for, schema or not. */
function readObject(text: string): unknown {
  const [begin, end] = [text.indexOf('{'), text.lastIndexOf('}')];
  if (begin < 0 || end < begin) return null;
  try {
    return JSON.parse(text.slice(begin, end + 1));
  } catch {
    return null;
  }
}
