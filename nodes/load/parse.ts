import { defineNode, port } from '@kumiki/node-sdk';
import { z } from 'zod';

/** A file that came with a request, as text for a prompt. It never reaches an index: those are built beforehand. */
export const loadParse = defineNode({
  type: 'load/parse',
  version: 1,
  behaviour: 1,
  effect: 'pure',
  title: { en: 'Read file', ja: 'ファイルの読み取り' },
  description: {
    en: 'Turns a file that comes with the request into text, for use in a prompt.',
    ja: 'リクエストに添えられたファイルをテキストに変え、プロンプトで使えるようにします。',
  },
  settings: z.object({ maximumCharacters: z.int().min(100).max(10_000_000).default(20_000) }),
  settingTexts: {
    maximumCharacters: {
      title: { en: 'Maximum characters', ja: '最大文字数' },
      description: {
        en: 'A longer text is cut, so that the prompt fits into the model.',
        ja: 'これより長いテキストは切り詰め、プロンプトがモデルに収まるようにします。',
      },
    },
  },
  headline: 'maximumCharacters',
  inputs: { file: port.file() },
  outputs: { text: port.text() },
  resources: ['cpu'],
  async run({ settings, inputs: { file }, context }) {
    const content = await context.files.readFile(file);
    const { text } = await context.documents.parse(
      { name: file.name, mediaType: file.mediaType, content },
      context.signal,
    );
    if (text.length <= settings.maximumCharacters) return { text };
    context.warn({
      code: 'text-shortened',
      message: {
        en: `“${file.name}” has ${text.length} characters; only the first ${settings.maximumCharacters} are used.`,
        ja: `「${file.name}」は ${text.length} 文字あるため、先頭の ${settings.maximumCharacters} 文字だけを使います。`,
      },
    });
    return { text: cutText(text, settings.maximumCharacters) };
  },
});

/** The first `length` code units, or one less where that would leave half a character. */
function cutText(text: string, length: number): string {
  const cut = text.slice(0, length);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}
