const stopWords: ReadonlySet<string> = new Set(
  (
    'a an the of in on at to for and or not is are was were be been being by with as that this these those which what ' +
    'who whom whose when where how why did do does it its from had has have i you he she we they them their there ' +
    'can could will would should may might must into than then so if but about many much'
  ).split(' '),
);

export function isStopWord(word: string): boolean {
  return stopWords.has(word);
}

/**
 * Cuts the commonest endings of English words, so that `charges`, `charged` and `charging` meet. Light on purpose: it
 * never leaves fewer than three letters, and knows no exceptions.
 */
export function stemEnglish(word: string): string {
  if (word.length < 4 || !/^[a-z']+$/.test(word)) return word;
  const bare = word.replace(/'s?$/, '');
  return cutFinalE(cutInflection(cutPlural(bare)));
}

function cutPlural(word: string): string {
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(ss|sh|ch|x|z)es$/.test(word)) return word.slice(0, -2);
  if (word.length > 3 && /[^siu]s$/.test(word)) return word.slice(0, -1);
  return word;
}

function cutInflection(word: string): string {
  if (word.length > 4 && word.endsWith('ied')) return `${word.slice(0, -3)}y`;
  const [, stem] = /^(.{3,}?)(?:edly|ingly|ing|ed|ly)$/.exec(word) ?? [];
  if (stem === undefined || !/[aeiouy]/.test(stem)) return word;
  return /([bdfgmnprt])\1$/.test(stem) ? stem.slice(0, -1) : stem;
}

function cutFinalE(word: string): string {
  return word.length > 4 && word.endsWith('e') ? word.slice(0, -1) : word;
}
