import { expect, test } from 'vitest';
import type { FlowInput } from '../panel/ask/read-interface.ts';
import { isSlug, suggestSlug } from './slug.ts';
import { canChat, writeCall } from './write-call.ts';

const question: FlowInput = { node: 'q', name: 'question', title: '質問', kind: 'text', example: "What's new?" };
const limit: FlowInput = { node: 'l', name: 'limit', title: '数', kind: 'number', example: '' };
const call = { origin: 'https://k.example', slug: 'help', key: '$KUMIKI_KEY', sampleQuestion: '?' };

test('a quote in the body does not end the quoted body', () => {
  expect(writeCall('plain', { ...call, inputs: [question, limit] })).toBe(
    [
      'curl https://k.example/v1/endpoints/help \\',
      '  -H "Authorization: Bearer $KUMIKI_KEY" \\',
      "  -H 'Content-Type: application/json' \\",
      `  -d '{"inputs":{"question":"What'\\''s new?","limit":1}}'`,
    ].join('\n'),
  );
});

test('streaming asks for events, chat completions name the slug as the model', () => {
  expect(writeCall('stream', { ...call, inputs: [question] })).toContain("-H 'Accept: text/event-stream'");
  const chat = writeCall('chat', { ...call, inputs: [question] });
  expect(chat).toContain('https://k.example/v1/chat/completions');
  expect(chat).toContain('"model":"help"');
});

test('chat needs a conversation or exactly one text', () => {
  expect(canChat([question])).toBe(true);
  expect(canChat([limit])).toBe(false);
  expect(canChat([question, { ...question, name: 'other' }])).toBe(false);
});

test('a slug comes out of a Latin name, and out of the id for any other', () => {
  expect(suggestSlug('Help desk (v2)', '01a20845-f292')).toBe('help-desk-v2');
  expect(suggestSlug('文書に答える', '01a20845-f292')).toBe('flow-01a20845');
  expect([isSlug('a-1'), isSlug('-a'), isSlug('A'), isSlug('a b'), isSlug('')]).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
});
