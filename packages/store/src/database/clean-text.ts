/**
 * Makes a text fit for Postgres, which refuses NUL everywhere (22021, 22P05) and lone surrogates in JSON (22P02).
 * NUL goes, a lone surrogate becomes U+FFFD.
 */
export function cleanText(text: string): string {
  return text.isWellFormed() && !text.includes('\0') ? text : text.replaceAll('\0', '').toWellFormed();
}

/** The same for every text and key within a JSON value. A value that is clean already is given back as it is. */
export function cleanJson<Value>(value: Value): Value {
  // What is not touched keeps its type, and what is touched stays a text: so the shape of `Value` holds.
  return clean(value) as Value;
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) {
    const cleaned = value.map(clean);
    return cleaned.every((item, place) => item === value[place]) ? value : cleaned;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const cleaned = entries.map(([name, item]) => [cleanText(name), clean(item)] as const);
  const same = cleaned.every(([name, item], place) => name === entries[place]?.[0] && item === entries[place]?.[1]);
  return same ? value : Object.fromEntries(cleaned);
}
