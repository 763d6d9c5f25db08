import { expect, it } from 'vitest';
import { isLateWrite } from './late-writes.ts';

it('knows a write to a lost connection from every other error', () => {
  const late = new TypeError("Cannot read properties of null (reading 'write')");
  late.stack = `${late}\n    at Immediate.nextWrite (file:///app/node_modules/postgres/src/connection.js:255:22)`;
  expect(isLateWrite(late)).toBe(true);
  expect(isLateWrite(new TypeError("Cannot read properties of null (reading 'write')"))).toBe(false);
  expect(isLateWrite(new Error('nextWrite /postgres/'))).toBe(false);
});
