import type { LocalisedText } from '@kumiki/flow';
import type { ConversationFormat } from './read-conversations.ts';

/** Names of the formats, for the settings that choose one. */
export const formatTexts = {
  auto: { en: 'Find it', ja: '自動で判別' },
  slack: { en: 'Slack export', ja: 'Slack のエクスポート' },
  messages: { en: 'OpenAI messages', ja: 'OpenAI の messages' },
  sharegpt: { en: 'ShareGPT', ja: 'ShareGPT' },
  alpaca: { en: 'Alpaca', ja: 'Alpaca' },
  utterances: { en: 'List of utterances', ja: '発話の一覧（utterances）' },
  table: { en: 'Table with columns', ja: '列のある表' },
} as const satisfies Readonly<Record<ConversationFormat | 'auto', LocalisedText>>;
