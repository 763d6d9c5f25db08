import { types } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';

/**
 * How every PGlite here is opened. PGlite's own way of writing and reading `bytea` makes a number or a text of each byte;
 * Node's hexadecimal digits took a fiftieth of the time for a vector of 1,536 bytes, in either direction.
 */
export const embeddedOptions = {
  extensions: { vector },
  serializers: {
    [types.BYTEA]: (bytes: Uint8Array) =>
      `\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`,
  },
  parsers: { [types.BYTEA]: (text: string) => Buffer.from(text.slice(2), 'hex') },
};
