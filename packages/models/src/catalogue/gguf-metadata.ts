import { createHash } from 'node:crypto';
import { readGgufHeader } from '@kumiki/node-sdk/gguf-header';

/** `sha256:…` of the chat template in a GGUF file, or null where it has none or is no GGUF file. */
export async function readChatTemplateDigest(file: string): Promise<string | null> {
  const header = await readGgufHeader(file).catch(() => null);
  const template = header?.metadata.get('tokenizer.chat_template');
  return typeof template === 'string' ? `sha256:${createHash('sha256').update(template).digest('hex')}` : null;
}
