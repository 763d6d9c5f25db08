import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { KumikiError } from '@kumiki/node-sdk';
import { z } from 'zod';
import { type AllowedPlace, parseAllowedPlaces } from './egress/allowed-places.ts';
import { findMachine } from './machine.ts';

/** Empty means unset, as people write it in env files. */
function optional<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value) => (value === '' ? undefined : value), schema.optional());
}

const environmentSchema = z.object({
  KUMIKI_DATA: optional(z.string()),
  KUMIKI_HOST: optional(z.string().regex(/^[\w.:-]+$/)),
  KUMIKI_PORT: optional(z.coerce.number().int().min(0).max(65_535)),
  KUMIKI_PUBLIC_URL: optional(z.url({ protocol: /^https?$/ })),
  KUMIKI_EDITOR_ADDRESS: optional(z.url({ protocol: /^https?$/ })),
  KUMIKI_PASSWORD: optional(z.string().min(12)),
  KUMIKI_FOLDERS: optional(z.string()),
  KUMIKI_EGRESS: optional(z.string()),
  KUMIKI_CACHE: optional(z.string()),
  KUMIKI_MACHINE: optional(z.string().regex(/^[\w.:-]{1,100}$/)),
  KUMIKI_SECRET_KEY: optional(z.string().regex(/^[0-9a-fA-F]{64}$/)),
  KUMIKI_ANSWER_SECONDS: optional(z.coerce.number().int().min(1).max(86_400)),
  KUMIKI_RETENTION_DAYS: optional(z.coerce.number().int().min(1).max(36_500)),
  KUMIKI_GRACE_HOURS: optional(z.coerce.number().min(0).max(87_600)),
  KUMIKI_LOG_LEVEL: optional(z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])),
  DATABASE_URL: optional(z.url({ protocol: /^postgres(ql)?$/ })),
  OLLAMA_HOST: optional(z.string()),
});

const expectations: Readonly<Record<string, string>> = {
  KUMIKI_HOST: 'an address, such as 127.0.0.1',
  KUMIKI_PORT: 'a port number, such as 4646',
  KUMIKI_PUBLIC_URL: 'an address, such as https://kumiki.example.org',
  KUMIKI_EDITOR_ADDRESS: 'an address, such as http://127.0.0.1:5173',
  KUMIKI_EGRESS:
    'hosts, addresses or networks with commas between them, such as wiki.internal,10.1.2.3:8080,10.0.0.0/8',
  KUMIKI_MACHINE: 'a name of letters, digits, dots and hyphens, such as gpu-server-1',
  KUMIKI_PASSWORD: 'a password of at least 12 characters',
  KUMIKI_SECRET_KEY: '64 hexadecimal digits (openssl rand -hex 32)',
  KUMIKI_ANSWER_SECONDS: 'a whole number of seconds, up to 86400',
  KUMIKI_RETENTION_DAYS: 'a number of days from 1 to 36500, such as 90',
  KUMIKI_GRACE_HOURS: 'a number of hours from 0 to 87600, such as 24',
  KUMIKI_LOG_LEVEL: 'one of trace, debug, info, warn, error, silent',
  DATABASE_URL: 'an address, such as postgres://user:password@host:5432/kumiki',
};

/** All that the process takes from its environment, checked. */
export type Configuration = {
  readonly dataFolder: string;
  readonly host: string;
  readonly port: number;
  readonly publicUrl: URL | null;
  /** Where the editor is served from while it is being developed; null: by this process. */
  readonly editorAddress: URL | null;
  readonly password: string | null;
  /** Folders that `load/files` may read, besides those of flow files given on the command line. */
  readonly folders: readonly string[];
  /** Places that nodes may reach although they are not on the public internet. */
  readonly egress: readonly AllowedPlace[];
  /** Where models and other fetched things are kept, for all data folders of this machine. */
  readonly cacheFolder: string;
  /** What all processes of this machine call it: those of one name take turns at its GPU. */
  readonly machine: string;
  /** 32 bytes in hexadecimal; null: the key file of the data folder. */
  readonly secretKey: string | null;
  readonly databaseUrl: string | null;
  readonly ollamaAddress: string;
  /** How long one question may take, whoever asks it. Builds take as long as they take. */
  readonly answerSeconds: number;
  /** How long runs are kept after they were asked. */
  readonly retentionDays: number;
  /** How long what no build names is kept after it was last used. */
  readonly graceHours: number;
  readonly logLevel: string;
};

/** Where relative paths of the environment count from, and where facts are kept unless KUMIKI_DATA says otherwise. */
export type Places = { readonly currentFolder: string; readonly defaultDataFolder: string };

/**
 * Reads the environment. Throws `invalid-environment`, and `unsafe-address` where a server would listen to the network
 * unprotected.
 */
export function readConfiguration(
  environment: Readonly<Record<string, string | undefined>>,
  { currentFolder, defaultDataFolder }: Places,
): Configuration {
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) throw invalidEnvironment(String(parsed.error.issues[0]?.path[0] ?? ''));
  const values = parsed.data;
  const configuration: Configuration = {
    dataFolder: values.KUMIKI_DATA === undefined ? defaultDataFolder : resolve(currentFolder, values.KUMIKI_DATA),
    host: values.KUMIKI_HOST ?? '127.0.0.1',
    port: values.KUMIKI_PORT ?? 4646,
    publicUrl: values.KUMIKI_PUBLIC_URL === undefined ? null : new URL(values.KUMIKI_PUBLIC_URL),
    editorAddress: values.KUMIKI_EDITOR_ADDRESS === undefined ? null : new URL(values.KUMIKI_EDITOR_ADDRESS),
    password: values.KUMIKI_PASSWORD ?? null,
    folders: readFolders(values.KUMIKI_FOLDERS ?? '', currentFolder),
    egress: readEgress(values.KUMIKI_EGRESS ?? ''),
    cacheFolder: resolve(currentFolder, values.KUMIKI_CACHE ?? join(homedir(), '.cache', 'kumiki')),
    machine: values.KUMIKI_MACHINE ?? findMachine(),
    secretKey: values.KUMIKI_SECRET_KEY ?? null,
    databaseUrl: values.DATABASE_URL ?? null,
    ollamaAddress: readOllamaAddress(values.OLLAMA_HOST),
    answerSeconds: values.KUMIKI_ANSWER_SECONDS ?? 600,
    retentionDays: values.KUMIKI_RETENTION_DAYS ?? 90,
    graceHours: values.KUMIKI_GRACE_HOURS ?? 24,
    logLevel: values.KUMIKI_LOG_LEVEL ?? 'info',
  };
  refuseUnsafeAddress(configuration);
  return configuration;
}

/** Whether an address can be reached from this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

function refuseUnsafeAddress({ host, publicUrl, password }: Configuration): void {
  if (isLoopback(host)) return;
  if (publicUrl?.protocol === 'https:' && password !== null) return;
  throw new KumikiError({
    code: 'unsafe-address',
    message: {
      en: `Other machines can reach the address ${host}. Kumiki listens there only where KUMIKI_PUBLIC_URL is an https address and KUMIKI_PASSWORD is set. To use it from elsewhere without either, keep 127.0.0.1 and open a tunnel: ssh -L 4646:127.0.0.1:4646 <this machine>`,
      ja: `${host} はほかのマシンから接続できるアドレスです。KUMIKI_PUBLIC_URL（https のアドレス）と KUMIKI_PASSWORD の両方を設定した場合に限り、Kumiki はこのアドレスで待ち受けます。設定せずに離れた場所から使うには、127.0.0.1 のまま SSH トンネルを開いてください：ssh -L 4646:127.0.0.1:4646 <このマシン>`,
    },
  });
}

function readFolders(list: string, root: string): string[] {
  const separator = process.platform === 'win32' ? ';' : ':';
  return list
    .split(separator)
    .filter((folder) => folder !== '')
    .map((folder) => (isAbsolute(folder) ? folder : resolve(root, folder)));
}

function readEgress(list: string): readonly AllowedPlace[] {
  const places = parseAllowedPlaces(list);
  if (places === null) throw invalidEnvironment('KUMIKI_EGRESS');
  return places;
}

/** Ollama's own variable holds a host, a host and port, or an address; 0.0.0.0 is where it listens, not where it is. */
function readOllamaAddress(value: string | undefined): string {
  if (value === undefined) return 'http://127.0.0.1:11434';
  const url = URL.parse(value.includes('://') ? value : `http://${value}`);
  if (url === null) throw invalidEnvironment('OLLAMA_HOST');
  if (url.port === '' && !value.includes('://')) url.port = '11434';
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1';
  return url.origin;
}

function invalidEnvironment(name: string): KumikiError {
  const expected = expectations[name] ?? 'another value';
  return new KumikiError({
    code: 'invalid-environment',
    message: {
      en: `The environment variable ${name} cannot be used as it is. Expected: ${expected}.`,
      ja: `環境変数 ${name} の値が正しくありません。期待する値：${expected}`,
    },
  });
}
