import { canonicaliseJson, type JsonValue } from '@kumiki/flow';
import { z } from 'zod';

/**
 * The settings that say something: parsed, and without those that equal their default, at every depth of objects. So a
 * setting put back to its default, and a setting that a newer version adds with a default, change no fingerprint.
 */
export function findDistinctSettings(
  schema: z.ZodObject,
  settings: Readonly<Record<string, unknown>>,
): Readonly<Record<string, JsonValue>> {
  const distinct: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(settings)) {
    const property = schema.shape[name];
    // Settings are JSON before they are parsed; a schema that makes anything else of them breaks the fingerprint here.
    const json = z.json().parse(value ?? null);
    if (property === undefined || value === undefined || isDefault(property, json)) continue;
    const inner = unwrap(property);
    distinct[name] = inner instanceof z.ZodObject && isRecord(json) ? { ...findDistinctSettings(inner, json) } : json;
  }
  return distinct;
}

function isDefault(schema: z.core.$ZodType, value: JsonValue): boolean {
  const absent = z.safeParse(schema, undefined);
  if (!absent.success || absent.data === undefined) return false;
  const json = z.json().safeParse(absent.data);
  return json.success && writeJson(json.data) === writeJson(value);
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  let inner = schema;
  while (
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodPrefault ||
    inner instanceof z.ZodOptional ||
    inner instanceof z.ZodNullable
  ) {
    inner = inner.unwrap();
  }
  return inner;
}

function writeJson(value: JsonValue): string {
  return JSON.stringify(canonicaliseJson(value));
}

function isRecord(value: JsonValue): value is Record<string, JsonValue> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
