/**
 * Full-width letters, digits and signs as ASCII, and all that looks like a hyphen between digits as one, a code unit for a
 * code unit, so that offsets stay what they are.
 */
export function foldWidth(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (character) => String.fromCharCode(character.charCodeAt(0) - 0xfee0))
    .replaceAll('\u3000', ' ')
    .replace(/[\u2010-\u2015\u2212\ufe58\ufe63]/g, '-')
    .replace(/(?<=[\d)])[\u30fc\uff70](?=[\d(])/g, '-');
}

/** Stands for what was found already, so that nothing else is found in it. */
const taken = '\ufffc';

export function blankOut(text: string, spans: readonly { readonly start: number; readonly end: number }[]): string {
  let blanked = text;
  for (const { start, end } of spans)
    blanked = blanked.slice(0, start) + taken.repeat(end - start) + blanked.slice(end);
  return blanked;
}
