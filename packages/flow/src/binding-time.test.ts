import { describe, expect, it } from 'vitest';
import { findBindingTimes } from './binding-time.ts';
import { drawFlow, drawSearch, nodeTypes } from './testing/node-types.ts';

describe('findBindingTimes', () => {
  it('makes what an input reaches request-time and the rest build-time', () => {
    const { nodes } = findBindingTimes(drawSearch(), nodeTypes);
    expect(Object.fromEntries(nodes)).toEqual({
      question: 'request',
      load: 'build',
      chunk: 'build',
      index: 'build',
      search: 'request',
      answer: 'request',
    });
  });

  it('keeps a static output build-time on a request-time node, with what hangs on it alone', () => {
    const document = drawFlow(
      {
        question: ['input', { name: 'question' }],
        prompt: ['prompt/template'],
        data: ['dataset/render'],
      },
      'question.value > prompt.question',
      'prompt.template > data.template',
    );
    const { nodes, outputs } = findBindingTimes(document, nodeTypes);
    expect(nodes.get('prompt')).toBe('request');
    expect([outputs.get('prompt.prompt'), outputs.get('prompt.template')]).toEqual(['request', 'build']);
    expect(nodes.get('data')).toBe('build');
  });

  it('makes an output request-time even where no input reaches it', () => {
    const document = drawFlow({ prompt: ['prompt/template', { template: 'x' }], answer: ['output', { name: 'a' }] });
    expect(findBindingTimes(document, nodeTypes).nodes.get('answer')).toBe('request');
  });
});
