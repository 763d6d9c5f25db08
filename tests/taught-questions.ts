import { readFile } from 'node:fs/promises';
import { writeChat } from '@kumiki/testkit/write-chat';
import { z } from 'zod';

const file = new URL('../examples/tuned-support/questions.jsonl', import.meta.url);
const questionSchema = z.object({
  kind: z.enum(['taught', 'paraphrased']),
  question: z.string(),
  answer: z.string(),
  contains: z.string(),
});
export type TaughtQuestion = z.infer<typeof questionSchema>;

/** The questions of examples/tuned-support. */
export async function readTaughtQuestions(): Promise<readonly TaughtQuestion[]> {
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  return lines.map((line) => questionSchema.parse(JSON.parse(line)));
}

/** JSON Lines of OpenAI's messages, a chat for each question. */
export function writeChats(questions: readonly TaughtQuestion[]): string {
  return questions.map(({ question, answer }) => writeChat(question, answer)).join('');
}
