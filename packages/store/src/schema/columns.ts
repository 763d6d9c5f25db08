import { customType, timestamp } from 'drizzle-orm/pg-core';

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const nobody = '00000000-0000-0000-0000-000000000000';

/**
 * A UUID, made by `createId`. Ids arrive in addresses, where anything may be typed: a malformed one is looked up as the
 * nil id, which no row has, so that it is simply not found and not an error of the database.
 */
export const entityId = customType<{ data: string; driverData: string }>({
  dataType: () => 'uuid',
  toDriver: (id) => (uuidPattern.test(id) ? id : nobody),
});

/** Raw bytes. */
export const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({
  dataType: () => 'bytea',
});

/** A pgvector `vector` of whatever dimension the row's model has. Single precision. */
export const embedding = customType<{ data: Float32Array; driverData: string }>({
  dataType: () => 'vector',
  toDriver: formatVector,
  fromDriver: (text) => Float32Array.from(JSON.parse(text)),
});

/**
 * pgvector's text form, `[1,2,3]`. Nine digits tell every number of single precision from its neighbours, where a double's
 * seventeen make a text that is half as long again and takes three times as long to write.
 */
export function formatVector(vector: Float32Array): string {
  return `[${Array.from(vector, (value) => value.toPrecision(9)).join(',')}]`;
}

export const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date', precision: 3 });
export const createdAt = () => moment('created_at').notNull().defaultNow();
export const updatedAt = () => moment('updated_at').notNull().defaultNow();
