import { Template } from '@huggingface/jinja';
import type { ChatMessage } from '@kumiki/node-sdk';
import { z } from 'zod';
import type { LlamaModel, Token } from './llama-types.ts';
import { WorkerError } from './protocol.ts';

const metadataSchema = z.object({ tokenizer: z.object({ chat_template: z.string() }) });

export type RenderPrompt = (messages: readonly ChatMessage[]) => Token[];

/**
 * Renders messages by the model's own chat template, and by nothing else: no system text that the template does not add
 * itself, and one beginning-of-sequence token at most. So served prompts are those that tuning renders from the template.
 * Throws `purpose` where the model has no template.
 */
export function createPromptRenderer(model: LlamaModel): RenderPrompt {
  const metadata = metadataSchema.safeParse(model.fileInfo.metadata);
  if (!metadata.success) throw new WorkerError('purpose', 'The model file has no chat template.');
  const template = new Template(metadata.data.tokenizer.chat_template);
  const { bos, bosString, eosString, shouldPrependBosToken } = model.tokens;

  return (messages) => {
    const { shown, restore } = hideControlText(model, messages);
    const text = template.render({
      messages: shown.map(({ role, content }) => ({ role, content })),
      add_generation_prompt: true,
      bos_token: bosString ?? '',
      eos_token: eosString ?? '',
    });
    const tokens = restore(text).flatMap(({ part, control }, index) =>
      model.tokenize(part, control, index === 0 ? undefined : 'trimLeadingSpace'),
    );
    if (bos !== null && shouldPrependBosToken && tokens[0] !== bos) tokens.unshift(bos);
    return tokens;
  };
}

type Part = { readonly part: string; readonly control: boolean };

/**
 * A document may hold the very text by which a template marks whose turn it is. Where a message's content would be read
 * as such a control token, a placeholder goes through the template in its stead, and the content is tokenised as plain
 * text. All other prompts are tokenised in one piece, just as other hosts do it.
 */
function hideControlText(model: LlamaModel, messages: readonly ChatMessage[]) {
  const contents = new Map<string, string>();
  const shown = messages.map((message, index) => {
    const read = model.tokenize(message.content, true);
    if (!read.some((token) => model.isSpecialToken(token))) return message;
    const placeholder = `\u{f0000}${index}\u{f0001}`;
    contents.set(placeholder, message.content);
    return { ...message, content: placeholder };
  });
  const restore = (text: string): readonly Part[] => {
    if (contents.size === 0) return [{ part: text, control: true }];
    return text
      .split(/(\u{f0000}\d+\u{f0001})/u)
      .filter((part) => part !== '')
      .map((part) => {
        const content = contents.get(part);
        return content === undefined ? { part, control: true } : { part: content, control: false };
      });
  };
  return { shown, restore };
}
