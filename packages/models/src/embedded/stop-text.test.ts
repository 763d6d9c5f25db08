import { describe, expect, it } from 'vitest';
import { createStopText } from './stop-text.ts';

function run(
  stops: readonly string[],
  pieces: readonly string[],
): { readonly text: string; readonly stopped: boolean } {
  const stopText = createStopText(stops);
  let text = '';
  for (const piece of pieces) {
    const { shown, stopped } = stopText.push(piece);
    text += shown;
    if (stopped) return { text, stopped };
  }
  return { text: text + stopText.flush(), stopped: false };
}

describe('createStopText', () => {
  it('ends before a stop text that comes in several pieces', () => {
    expect(run(['\n質問'], ['答えです。', '\n', '質', '問: 次'])).toEqual({ text: '答えです。', stopped: true });
  });

  it('shows what only began like a stop text', () => {
    expect(run(['\n質問'], ['一行目', '\n', '二行目'])).toEqual({ text: '一行目\n二行目', stopped: false });
    expect(run(['aab'], ['a', 'a', 'a', 'b', 'c'])).toEqual({ text: 'a', stopped: true });
  });

  it('ends before the first of several', () => {
    expect(run(['later', 'soon'], ['as soon or later'])).toEqual({ text: 'as ', stopped: true });
  });

  it('shows everything at once where there is nothing to stop at', () => {
    expect(createStopText(['']).push('all')).toEqual({ shown: 'all', stopped: false });
  });

  it('gives the same text however it is cut into pieces', () => {
    const text = 'aabaacaabaaabaab';
    for (let first = 0; first <= text.length; first += 1) {
      for (let second = first; second <= text.length; second += 1) {
        const pieces = [text.slice(0, first), text.slice(first, second), text.slice(second)];
        expect(run(['aaab'], pieces)).toEqual({ text: 'aabaacaab', stopped: true });
      }
    }
  });
});
