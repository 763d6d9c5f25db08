import { KumikiError } from '@kumiki/node-sdk';
import { findDatabaseCode } from '../database/database-error.ts';

/** What goes wrong on the way to a table outside. Messages name hosts and columns: never an address, nor what rows hold. */

export function refuseAddress(secret: string): KumikiError {
  return new KumikiError({
    code: 'table-address-invalid',
    status: 422,
    message: {
      en: `The secret “${secret}” is not the address of a Postgres database. Save it as postgres://user:password@host:5432/name.`,
      ja: `シークレット「${secret}」が Postgres データベースのアドレスではありません。postgres://user:password@host:5432/name の形で登録してください。`,
    },
  });
}

export function refuseColumns(missing: readonly string[], present: readonly string[]): KumikiError {
  const listed = { missing: quoteNames(missing), present: quoteNames(present) };
  return new KumikiError({
    code: 'table-column-missing',
    status: 422,
    message: {
      en: `The query has no column ${listed.missing.en}. It has: ${listed.present.en}. Correct the column names, or the query.`,
      ja: `クエリの結果に列${listed.missing.ja}がありません。結果にある列は${listed.present.ja}です。列名またはクエリを直してください。`,
    },
  });
}

export function refuseMissingId(column: string): KumikiError {
  return new KumikiError({
    code: 'table-id-missing',
    status: 422,
    message: {
      en: `Some rows have nothing in the id column “${column}”, so that they cannot be told apart. Choose another column, or leave those rows out of the query.`,
      ja: `ID の列「${column}」が空の行があるため、行を区別できません。別の列を選ぶか、クエリでその行を除いてください。`,
    },
  });
}

export function refuseRepeatedId(column: string, id: string): KumikiError {
  return new KumikiError({
    code: 'table-id-repeated',
    status: 422,
    message: {
      en: `Several rows have “${id}” in the id column “${column}”. Choose a column whose values are unique, or group the rows in the query.`,
      ja: `ID の列「${column}」の値が「${id}」の行が複数あります。値が重ならない列を選ぶか、クエリで行をまとめてください。`,
    },
  });
}

export function failTimeout(milliseconds: number): KumikiError {
  const seconds = Math.max(1, Math.round(milliseconds / 1_000));
  return new KumikiError({
    code: 'table-timeout',
    status: 504,
    message: {
      en: `The database did not answer the query within ${seconds} s. Allow it more time, or make it easier to answer: with an index on the id column, or with fewer rows.`,
      ja: `データベースが ${seconds} 秒以内にクエリに応答しませんでした。待ち時間の上限を延ばすか、ID の列に索引を付ける、行を絞り込むなど、クエリの負荷を減らしてください。`,
    },
  });
}

/** Gives what the driver throws a name. */
export function nameTableError(
  error: unknown,
  { host, milliseconds }: { host: string; milliseconds: number },
): unknown {
  if (error instanceof KumikiError) return error;
  const code = findDatabaseCode(error);
  if (code === null) return error;
  if (code === '57014') return failTimeout(milliseconds);
  if (/^(28|3D)/.test(code)) return refuseLogin(host, error);
  if (/^(53|57|25P03)/.test(code)) return failBusy(host, error);
  if (/^[0-9A-Z]{5}$/.test(code) && !/^(08|E)/.test(code)) return refuseQuery(code, error);
  return failUnreachable(host, code, error);
}

function failUnreachable(host: string, code: string, cause: unknown): KumikiError {
  return new KumikiError({
    code: 'table-unreachable',
    status: 502,
    retryable: true,
    message: {
      en: `The database on “${host}” could not be reached (${code}). Check the address in the secret, and whether that server is running.`,
      ja: `「${host}」のデータベースに接続できませんでした（${code}）。シークレットのアドレスと、相手のサーバーが動いているかを確認してください。`,
    },
    cause,
  });
}

function failBusy(host: string, cause: unknown): KumikiError {
  return new KumikiError({
    code: 'table-busy',
    status: 503,
    retryable: true,
    message: {
      en: `The database on “${host}” is starting, stopping, or has too much to do. Try again later.`,
      ja: `「${host}」のデータベースが起動中・停止中か、混み合っています。時間をおいて試してください。`,
    },
    cause,
  });
}

function refuseLogin(host: string, cause: unknown): KumikiError {
  return new KumikiError({
    code: 'table-login-refused',
    status: 422,
    message: {
      en: `The database on “${host}” refused the login. Check user, password and database name in the secret.`,
      ja: `「${host}」のデータベースへのログインを拒否されました。シークレットのユーザー名・パスワード・データベース名を確認してください。`,
    },
    cause,
  });
}

/**
 * Classes whose messages speak of the query and its names alone; others quote what rows hold: syntax and access (42),
 * features (0A), and writing in a transaction that may only read (25).
 */
const tellingClasses = /^(42|0A|25)/;

function refuseQuery(code: string, cause: unknown): KumikiError {
  const isTelling = tellingClasses.test(code);
  const reason = isTelling && cause instanceof Error ? `${code}: ${cause.message}` : code;
  return new KumikiError({
    code: 'table-query-refused',
    status: 422,
    message: {
      en: `The database refused the query (${reason}). Correct the query.`,
      ja: `データベースがクエリを拒否しました（${reason}）。クエリを直してください。`,
    },
    // The log would keep what it quotes.
    ...(isTelling && { cause }),
  });
}

function quoteNames(names: readonly string[]): { readonly en: string; readonly ja: string } {
  return {
    en: names.map((name) => `“${name}”`).join(', '),
    ja: names.map((name) => `「${name}」`).join(''),
  };
}
