/** Control characters that mean nothing in a text. Tab and line feed stay. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufeff]/g;

/**
 * What every text goes through: `\n` line ends, no NUL or other controls, no lone surrogates (each becomes U+FFFD),
 * NFC. NFC and not NFKC, so that ①, ㈱ and half-width letters stay as they were written.
 */
export function cleanText(text: string): string {
  return text
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .replace(controls, '')
    .toWellFormed()
    .normalize('NFC');
}
