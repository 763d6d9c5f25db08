import { expect, it } from 'vitest';
import { createId } from './create-id.ts';

it('makes UUIDs of version 7 that grow, also within a millisecond and when the clock goes back', () => {
  const now = Date.now();
  const ids = Array.from({ length: 10_000 }, (_, place) => createId(now - (place % 3)));
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});
