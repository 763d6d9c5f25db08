import { isDeepStrictEqual } from 'node:util';
import type { PortValue } from '@kumiki/node-sdk';

export const valueTests = ['is-true', 'is-not-empty', 'equals', 'contains', 'is-greater', 'is-less'] as const;
export type ValueTest = (typeof valueTests)[number];

/**
 * Asks one thing of a value. Null means that the test has no meaning for such a value, for instance whether a list is
 * greater than 3.
 * - `is-true`: a boolean.
 * - `is-not-empty`: text with more than space in it, a list or an object with members; numbers and booleans never are empty.
 * - `equals`: text as it is; anything else against the operand read as JSON.
 * - `contains`: text within text, in NFKC and without case; a member of a list, as in `equals`.
 * - `is-greater`, `is-less`: numbers.
 */
export function testValue(value: PortValue, test: ValueTest, operand: string): boolean | null {
  switch (test) {
    case 'is-true':
      return typeof value === 'boolean' ? value : null;
    case 'is-not-empty':
      return isNotEmpty(value);
    case 'equals':
      return equalsOperand(value, operand);
    case 'contains':
      return containsOperand(value, operand);
    case 'is-greater':
      return compare(value, operand, (one, other) => one > other);
    case 'is-less':
      return compare(value, operand, (one, other) => one < other);
  }
}

function isNotEmpty(value: PortValue): boolean {
  if (typeof value === 'string') return value.trim() !== '';
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return value !== null;
}

function equalsOperand(value: unknown, operand: string): boolean {
  return typeof value === 'string' ? value === operand : isDeepStrictEqual(value, readJson(operand));
}

function containsOperand(value: PortValue, operand: string): boolean | null {
  if (typeof value === 'string') return fold(value).includes(fold(operand));
  if (Array.isArray(value)) return value.some((member) => equalsOperand(member, operand));
  return null;
}

function compare(
  value: PortValue,
  operand: string,
  holds: (value: number, operand: number) => boolean,
): boolean | null {
  const number = Number(operand);
  if (typeof value !== 'number' || operand.trim() === '' || Number.isNaN(number)) return null;
  return holds(value, number);
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
