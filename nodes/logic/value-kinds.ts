/** Every kind that is one value rather than a stream: what may pass through logic and arrive at an output. */
export const singleValueKinds = [
  'text',
  'number',
  'boolean',
  'json',
  'file',
  'messages',
  'prompt-template',
  'passages',
  'index',
  'chat-model',
  'embedding-model',
] as const;
