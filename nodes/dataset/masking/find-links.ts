import type { FoundSpan } from './found-span.ts';

const localPart = /[\w.!#$%&'*+/=?^`{|}~-]/;
const domain = /[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,24}(?![a-z0-9])/iy;
const longestPart = 64;

/** E-mail addresses, looked for from each `@` to both sides, so that it takes time in proportion to the text. */
export function findEmails(text: string): readonly FoundSpan[] {
  const spans: FoundSpan[] = [];
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    let start = at;
    while (start > 0 && at - start < longestPart && localPart.test(text.charAt(start - 1))) start -= 1;
    while (start < at && !/[\w]/.test(text.charAt(start))) start += 1;
    domain.lastIndex = at + 1;
    const match = domain.exec(text);
    if (start === at || match === null) continue;
    const end = domain.lastIndex;
    spans.push({ kind: 'email', start, end, identity: text.slice(start, end).toLowerCase() });
  }
  return spans;
}

/** ASCII, as addresses are; letters of another script only where the address goes on behind them. */
const urlShape =
  /https?:\/\/[\w\-.~:/?#[\]@!$&*+,;=%|]{1,2000}(?:\p{L}{1,100}(?=[&/?#=])[\w\-.~:/?#[\]@!$&*+,;=%|]{1,2000}){0,10}/giu;
const secretName =
  /^(?:.*[_-])?(?:token|key|apikey|sig|signature|auth|authorization|session|sessionid|sid|jwt|code|secret|password|passwd|pwd|pass|otp|nonce|credential|hash|invite|magic|ticket)$/i;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Addresses of pages that open something for whoever has them: with a token, a key, a session or a password in them. */
export function findSecretUrls(text: string): readonly FoundSpan[] {
  return [...text.matchAll(urlShape)].flatMap(({ 0: match, index }) => {
    const url = match.replace(/[.,;:!?]+$/, '');
    return hasSecret(url) ? [{ kind: 'url' as const, start: index, end: index + url.length, identity: url }] : [];
  });
}

function hasSecret(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { username, password, pathname, searchParams, hash } = new URL(text);
  if (username !== '' || password !== '') return true;
  const parameters = [...searchParams, ...new URLSearchParams(hash.replace(/^#[!/?]*/, ''))];
  if (parameters.some(([name, value]) => (secretName.test(name) && value.length >= 4) || looksRandom(value)))
    return true;
  return pathname.split('/').some((segment) => uuid.test(segment) || looksRandom(segment));
}

/** Twenty letters and figures mixed in one piece are no word: what people give names has its figures together. */
function looksRandom(value: string): boolean {
  return value.split(/[^A-Za-z0-9]+/).some((piece) => {
    if (piece.length < 20) return false;
    const changes = [...piece].filter(
      (character, place) => place > 0 && /\d/.test(character) !== /\d/.test(piece.charAt(place - 1)),
    );
    return changes.length >= 4;
  });
}
