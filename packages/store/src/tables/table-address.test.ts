import { expect, it } from 'vitest';
import { parseTableAddress } from './table-address.ts';

it('reads an address as Postgres writes it', () => {
  expect(parseTableAddress(' postgres://reader:p%40ss@db.example:6432/wiki?sslmode=verify-ca\n')).toEqual({
    host: 'db.example',
    port: 6432,
    database: 'wiki',
    user: 'reader',
    password: 'p@ss',
    encryption: 'verify-full',
  });
  expect(parseTableAddress('postgresql://reader@[::1]/wiki')).toMatchObject({
    host: '::1',
    port: 5432,
    password: '',
    encryption: 'prefer',
  });
});

it.each([
  '',
  'wiki',
  'mysql://reader@db.example/wiki',
  'postgres://db.example/wiki',
  'postgres://reader@db.example/',
  'postgres://reader@/wiki?host=/var/run/postgresql',
  'postgres://reader@%2Fvar%2Frun/wiki',
  'postgres://reader@one.example,two.example/wiki',
  'postgres://reader@db.example/wiki?sslmode=whatever',
  'postgres://reader:50%@db.example/wiki',
])('does not take %j for one', (address) => {
  expect(parseTableAddress(address)).toBeNull();
});
