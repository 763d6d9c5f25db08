import type { FlowDocument, JsonValue } from '@kumiki/flow';
import { buildFlowDocument } from '@kumiki/testkit';
import { type KumikiSession, unwrap } from '@kumiki/testkit/kumiki-session';
import { type ScriptedModels, scriptedChat, scriptedEmbedding } from '@kumiki/testkit/scripted-models';

/** The one output of the flow. */
export const arm = 'RAG';
/** What that arm says where nothing was found. */
export const doesNotKnow = '資料からは分かりませんでした。';

export type RagFlowOptions = {
  readonly collection: string;
  /** Of both models; the scripted one, as `addScriptedHost` names it, unless said otherwise. */
  readonly host?: string;
  readonly embedding?: string;
  readonly chat?: string;
  /** More settings, by node. */
  readonly settings?: Readonly<Record<string, Readonly<Record<string, JsonValue>>>>;
};

/** The first flow that everybody draws: documents of a collection, searched both ways, and an answer with citations. */
export function makeRagFlow(options: RagFlowOptions): FlowDocument {
  const { collection, host = 'scripted', embedding = scriptedEmbedding, chat = scriptedChat, settings = {} } = options;
  return buildFlowDocument('ヘルプデスク')
    .node('load', 'load/files', { collection, ...settings.load })
    .node('embedder', 'model/embedding', { host, model: embedding, ...settings.embedder })
    .node('chunk', 'chunk/recursive', { size: 300, ...settings.chunk })
    .node('embed', 'embed', { ...settings.embed })
    .node('index', 'index/pgvector', { ...settings.index })
    .node('question', 'input', { name: 'question', ...settings.question })
    .node('search', 'retrieve/hybrid', { limit: 3, ...settings.search })
    .node('prompt', 'prompt/template', { template: '{{passages}}\n\n# 質問\n{{question}}', ...settings.prompt })
    .node('chat', 'model/chat', { host, model: chat, ...settings.chat })
    .node('answer', 'generate/llm', { temperature: 0, maximumTokens: 48, contextLength: 2048, ...settings.answer })
    .node('output', 'output', { name: arm, whenNothing: doesNotKnow, ...settings.output })
    .wire('load.documents', 'chunk.documents')
    .wire('embedder.model', 'chunk.model')
    .wire('chunk.chunks', 'embed.chunks')
    .wire('embedder.model', 'embed.model')
    .wire('embed.vectors', 'index.vectors')
    .wire('embedder.model', 'index.model')
    .wire('index.index', 'search.index')
    .wire('question.value', 'search.query')
    .wire('question.value', 'prompt.question')
    .wire('search.passages', 'prompt.passages')
    .wire('prompt.prompt', 'answer.prompt')
    .wire('chat.model', 'answer.model')
    .wire('answer.answer', 'output.value')
    .wire('search.passages', 'output.passages')
    .build();
}

/** Adds the scripted models as an OpenAI-compatible host of the name `scripted`. */
export async function addScriptedHost({ client }: KumikiSession, { address }: ScriptedModels): Promise<void> {
  await unwrap(client.POST('/api/model-hosts', { body: { kind: 'openai-compatible', name: 'scripted', address } }));
}

/** Three short articles that share few words, so that the nearest passage is never in doubt. */
export const articles = {
  'refund.md':
    '# 返金\n\n年額プランは、お申し込みから14日以内であれば全額を返金します。月額プランの返金はありません。\n',
  'backup.md': '# バックアップ\n\nサーバーのデータは毎晩3時に自動でバックアップされ、30日間保存されます。\n',
  'phone.txt': '電話サポートの受付は平日の10時から18時までです。年末年始はお休みをいただきます。\n',
} as const;
