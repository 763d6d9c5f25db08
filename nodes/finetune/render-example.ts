import { readTemplateVariables } from '@kumiki/flow';
import {
  type ChatMessage,
  type Example,
  KumikiError,
  type PortValue,
  type PromptTemplateValue,
  type TrainingRow,
} from '@kumiki/node-sdk';
import { renderPrompt } from '../prompt/render-prompt.ts';

/** Which variables of a template stand for what an example holds; null: the template has none for it. */
export type TemplateRoles = { readonly question: string | null; readonly passages: string | null };

/**
 * Finds the variables by the names that the settings say; a single other one is the question, whatever it is called.
 * Throws `template-variable-unknown` where the template wants what no example holds.
 */
export function findTemplateRoles(
  { template }: PromptTemplateValue,
  names: { readonly question: string; readonly passages: string },
): TemplateRoles {
  const variables = readTemplateVariables(template);
  const passages = variables.includes(names.passages) ? names.passages : null;
  const others = variables.filter((name) => name !== passages);
  const question = others.includes(names.question) ? names.question : others.length === 1 ? (others[0] ?? null) : null;
  const unknown = others.find((name) => name !== question);
  if (unknown !== undefined) throw refuseVariable(unknown);
  return { question, passages };
}

/**
 * The rows that are learnt from one example. Without a template, its messages as they are. With one, a row for each
 * answer that counts: the prompt as serving would have made it at that point, and the answer. Answers for which the
 * template wants passages that nobody knows are left out, and counted.
 */
export function renderExample(
  example: Example,
  prompt: { readonly template: PromptTemplateValue; readonly roles: TemplateRoles } | null,
): { readonly rows: readonly TrainingRow[]; readonly leftOut: number } {
  const { id, messages, trained } = example;
  if (prompt === null) return { rows: [{ id, messages, trained }], leftOut: 0 };
  const last = messages.findLastIndex(({ role }) => role === 'user');
  const rows: TrainingRow[] = [];
  let leftOut = 0;
  for (const place of trained) {
    const answer = messages[place];
    const asked = messages[place - 1];
    // Retrieval was asked about the last user message only.
    const lacksPassages = prompt.roles.passages !== null && (example.passages === null || place - 1 !== last);
    if (answer === undefined || asked?.role !== 'user' || lacksPassages) {
      leftOut += 1;
      continue;
    }
    const history = messages.slice(0, place - 1).filter(({ role }) => role !== 'system');
    const rendered = renderPrompt(prompt.template, history, nameValues(prompt.roles, asked, example));
    const name = trained.length === 1 ? id : `${id}#${place}`;
    rows.push({ id: name, messages: [...rendered, answer], trained: [rendered.length] });
  }
  return { rows, leftOut };
}

function nameValues({ question, passages }: TemplateRoles, asked: ChatMessage, example: Example) {
  const values: Record<string, PortValue> = {};
  if (question !== null) values[question] = asked.content;
  if (passages !== null) values[passages] = example.passages ?? [];
  return values;
}

function refuseVariable(name: string): KumikiError {
  return new KumikiError({
    code: 'template-variable-unknown',
    status: 422,
    message: {
      en: `The template has the variable {{${name}}}, for which the data set holds nothing. Say in the settings of the fine-tune node which variables stand for the question and the passages, or take the variable out of the template.`,
      ja: `ひな形の変数 {{${name}}} に入れる値が、教材にありません。質問と抜粋がどの変数に当たるかをファインチューニングの設定で指定するか、ひな形からその変数を外してください。`,
    },
  });
}
