import { readTemplateVariables, renderTemplate } from '@kumiki/flow';
import type { ChatMessage, ChatModelValue, NodeContext } from '@kumiki/node-sdk';

/**
 * Says so where a tuned model is asked in other words than those in which it learnt: with another system text, or with a
 * last message that its template could not have made.
 */
export function warnOtherPrompt(context: NodeContext, model: ChatModelValue, messages: readonly ChatMessage[]): void {
  const prompt = model.adapter?.prompt ?? null;
  if (prompt === null) return;
  const system = messages.find(({ role }) => role === 'system')?.content ?? '';
  const question = messages.findLast(({ role }) => role === 'user')?.content ?? '';
  const isSame = system.trim() === prompt.system.trim() && couldHaveMade(prompt.template, question);
  if (isSame) return;
  context.warn({
    code: 'other-prompt-than-trained',
    message: {
      en: `“${context.node}” asks the tuned model in other words than those in which it learnt, so it answers worse than it could. Use the prompt of its training.`,
      ja: `「${context.node}」は、調整済みモデルに学習時と異なる文面で質問しています。本来の性能が出ないため、学習に使ったプロンプトを使ってください。`,
    },
  });
}

/** Whether what stands between a template's variables stands in a text, in that order and from end to end. */
export function couldHaveMade(template: string, text: string): boolean {
  const pieces = splitTemplate(template);
  let place = 0;
  for (const [index, piece] of pieces.entries()) {
    const isLast = index === pieces.length - 1;
    const found = isLast ? Math.max(place, text.length - piece.length) : text.indexOf(piece, place);
    if (found === -1 || (index === 0 && found !== 0) || !text.startsWith(piece, found)) return false;
    place = found + piece.length;
  }
  return place === text.length;
}

/** What stands around the variables, by putting a sign in their place that no text holds. */
function splitTemplate(template: string): readonly string[] {
  const sign = '\0';
  const values = Object.fromEntries(readTemplateVariables(template).map((name) => [name, sign]));
  return renderTemplate(template, values).split(sign);
}
