import type { Problem } from '@kumiki/testkit/kumiki-session';
import { expect } from 'vitest';

/** What only a stack trace or a careless message has: places in source files. */
const sourcePlace = /\n\s+at |node_modules|file:\/\/|\.[cm]?[jt]s:\d+/;

/** Whether a text may be shown to anybody: it tells nothing of the program's own files. */
export function expectNoTrace(text: string): void {
  expect(text).not.toMatch(sourcePlace);
}

/** Problem details as the contract promises them: status, code, both languages, nothing of the program's insides. */
export async function expectProblem(
  answer: Response | Promise<Response>,
  expected: { readonly status: number; readonly code: string },
): Promise<Problem> {
  const { status, headers, text } = await readWhole(await answer);
  expectNoTrace(text);
  const problem: Problem = JSON.parse(text);
  expect({ status: problem.status, code: problem.code }).toEqual(expected);
  expect(status).toBe(expected.status);
  expect(headers.get('content-type')).toBe('application/problem+json');
  expectBothLanguages(problem.texts);
  expect(problem.detail).toBe(problem.texts?.en);
  return problem;
}

async function readWhole(answer: Response) {
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

/** A text that says something in English, and the same in Japanese. */
export function expectBothLanguages(texts: { readonly en: string; readonly ja: string } | undefined): void {
  expect(texts?.en).toMatch(/[a-z]{3}/);
  expect(texts?.ja).toMatch(/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]{3}/u);
}
