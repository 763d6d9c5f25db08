import { readTemplateVariables, renderTemplate } from '@kumiki/flow';
import type { ChatMessage, PortValue, PromptTemplateValue } from '@kumiki/node-sdk';
import { renderValue } from './render-value.ts';

/**
 * The messages that a template makes: its system text, what was said before, and the question. Serving and training both
 * come here, so that a model is asked in the very words in which it learnt.
 */
export function renderPrompt(
  { system, template }: PromptTemplateValue,
  history: readonly ChatMessage[],
  variables: Readonly<Record<string, PortValue | undefined>>,
): readonly ChatMessage[] {
  const values = Object.fromEntries(
    readTemplateVariables(template).map((name) => [name, renderValue(variables[name])]),
  );
  return [
    ...(system.trim() === '' ? [] : [{ role: 'system' as const, content: system }]),
    ...history,
    { role: 'user', content: renderTemplate(template, values) },
  ];
}
