import { KumikiError } from '@kumiki/node-sdk';

/** Codes of postgres.js, of sockets, and of Postgres itself that mean: nobody is there, or is going. */
const downCodes: ReadonlySet<string> = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECTION_ENDED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  '57P01',
  '57P02',
  '57P03',
  // Frozen in a transaction for too long: the server has ended it.
  '25P03',
  '08000',
  '08001',
  '08003',
  '08006',
  '53300',
]);

/** Of Postgres, and of the file system, also below the embedded database and for contents that lie beside it. */
const fullCodes: ReadonlySet<string> = new Set(['53100', 'ENOSPC', 'EDQUOT']);

/** The code of a driver's error, also where Drizzle has wrapped it. */
export function findDatabaseCode(error: unknown): string | null {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && typeof current.code === 'string' && !(current instanceof KumikiError)) return current.code;
    if (current instanceof AggregateError) return findDatabaseCode(current.errors[0]);
  }
  return null;
}

/** Gives driver errors that people can do something about a name, and leaves every other error as it is. */
export function nameDatabaseError(error: unknown): unknown {
  const code = findDatabaseCode(error);
  if (code === null) return error;
  if (downCodes.has(code)) {
    return new KumikiError({
      code: 'database-down',
      message: {
        en: 'The database does not answer. Check that the Postgres server is running and can be reached; Kumiki tries again by itself.',
        ja: 'データベースが応答しません。Postgres サーバーが動作していて、接続できることを確認してください。Kumiki は自動で再接続します。',
      },
      retryable: true,
      status: 503,
      cause: error,
    });
  }
  if (fullCodes.has(code)) return refuseFullDisk(error);
  if (code === '22021') {
    return new KumikiError({
      code: 'text-not-storable',
      message: {
        en: 'A name or text of the request holds a character that cannot be stored, such as U+0000. Take it out and send it again.',
        ja: 'リクエストの名前または文字列に、保存できない文字（U+0000 など）が含まれています。取り除いてから送り直してください。',
      },
      status: 422,
      cause: error,
    });
  }
  if (code === '28P01' || code === '28000') {
    return new KumikiError({
      code: 'database-refused',
      message: {
        en: 'The database server refused the user or the password in DATABASE_URL. Correct it and start again.',
        ja: 'DATABASE_URL のユーザー名またはパスワードがデータベースサーバーに拒否されました。修正してから起動し直してください。',
      },
      status: 503,
      cause: error,
    });
  }
  if (code === '3D000') {
    return new KumikiError({
      code: 'database-missing',
      message: {
        en: 'The database that DATABASE_URL names does not exist on the server. Create it (createdb) and start again.',
        ja: 'DATABASE_URL で指定されたデータベースがサーバーにありません。createdb などで作成してから起動し直してください。',
      },
      status: 503,
      cause: error,
    });
  }
  return error;
}

export function refuseFullDisk(cause?: unknown): KumikiError {
  return new KumikiError({
    code: 'disk-full',
    message: {
      en: 'The disk is full, so nothing was stored; what was stored before is intact. Free some space on the disk of the data folder, or of the Postgres server, and try again.',
      ja: 'ディスクの空き容量がないため、保存できませんでした。これまでに保存した内容はそのまま残っています。データフォルダー（または Postgres サーバー）のディスクに空きをつくってから、もう一度試してください。',
    },
    status: 507,
    cause,
  });
}

/** Runs something against the database, and names its errors. */
export async function withNamedErrors<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw nameDatabaseError(error);
  }
}
