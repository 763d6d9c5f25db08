/**
 * Tokens of a text, estimated: what multilingual models of some 250,000 tokens take. Words about a token per four letters,
 * kana and kanji about two per three characters, all else (digits, signs, rare scripts) one per character. High
 * rather than low: a chunk that is a little short does no harm, one that is too long is cut by the model. Measured against
 * multilingual-e5-small: 11% high on JaQuAD's passages, 29% on XQuAD's English ones.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (isLetter(code)) tokens += 0.3;
    else if (code === 0x20 || code === 0x0a) tokens += 0.1;
    else if (code >= 0x3040 && code <= 0x9fff) tokens += 0.7;
    else tokens += code > 0xffff ? 2 : 1;
  }
  return Math.ceil(tokens);
}

function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0xc0 && code < 0x250);
}
