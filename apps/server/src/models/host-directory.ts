import { type AdapterValue, type HeldMemory, KumikiError, type ModelHost, type Work } from '@kumiki/node-sdk';
import {
  changeModelHost,
  type Database,
  deleteModelHost,
  deleteSecret,
  insertModelHost,
  listModelHosts,
  type ModelHostRow,
  putSecret,
  readSecret,
  type SecretCipher,
} from '@kumiki/store';
import { isLoopback } from '../configuration.ts';
import type { EmbeddedHost } from './embedded-models.ts';
import { hostKeyPrefix } from './host-key.ts';
import { addUpWork, unknownWork } from './work.ts';

/** A host as people see it. Flows name it by its id, which is its name, so that a flow file says something elsewhere. */
export type HostEntry = {
  readonly id: string;
  readonly kind: ModelHost['kind'];
  readonly name: string;
  readonly address: string | null;
  readonly hasKey: boolean;
  readonly origin: 'built-in' | 'found' | 'added';
};

export type AddedHost = {
  readonly kind: 'ollama' | 'openai-compatible';
  readonly name: string;
  readonly address: string;
  readonly key?: string | undefined;
};

export const embeddedId = 'embedded';
const ollamaId = 'ollama';
const foundMilliseconds = 10_000;

/** All model hosts: the embedded one, an Ollama on its usual port, and those that people added. */
export class HostDirectory {
  readonly #database: Database;
  readonly #cipher: SecretCipher;
  readonly #embedded: EmbeddedHost;
  readonly #ollamaAddress: string;
  readonly #silentMilliseconds: number;
  readonly #open = new Map<string, Promise<ModelHost>>();
  #ollamaFound: { readonly value: boolean; readonly until: number } = { value: false, until: 0 };

  constructor(options: {
    readonly database: Database;
    readonly cipher: SecretCipher;
    readonly embedded: EmbeddedHost;
    readonly ollamaAddress: string;
    readonly silentMilliseconds: number;
  }) {
    this.#database = options.database;
    this.#cipher = options.cipher;
    this.#embedded = options.embedded;
    this.#ollamaAddress = options.ollamaAddress;
    this.#silentMilliseconds = options.silentMilliseconds;
  }

  async list(workspace: string): Promise<readonly HostEntry[]> {
    const [rows, hasOllama] = await Promise.all([listModelHosts(this.#database, { workspace }), this.#findOllama()]);
    const embedded: HostEntry = {
      id: embeddedId,
      kind: 'embedded',
      name: 'Kumiki',
      address: null,
      hasKey: false,
      origin: 'built-in',
    };
    const ollama: HostEntry = {
      id: ollamaId,
      kind: 'ollama',
      name: 'Ollama',
      address: this.#ollamaAddress,
      hasKey: false,
      origin: 'found',
    };
    return [embedded, ...(hasOllama ? [ollama] : []), ...rows.map(describeRow)];
  }

  /** Throws `model-host-unknown`. */
  async find(workspace: string, id: string): Promise<HostEntry> {
    const entry = (await this.list(workspace)).find((candidate) => candidate.id === id);
    if (entry === undefined) throw refuseUnknown(id);
    return entry;
  }

  /** The host itself, kept open. Throws `model-host-unknown`; that it is down is told by its own calls. */
  open(workspace: string, id: string): Promise<ModelHost> {
    if (id === embeddedId) return Promise.resolve(this.#embedded.host);
    const key = JSON.stringify([workspace, id]);
    let host = this.#open.get(key);
    if (host === undefined) {
      host = this.#create(workspace, id);
      this.#open.set(key, host);
      host.catch(() => this.#open.delete(key));
    }
    return host;
  }

  /**
   * What loaded models hold of this machine, as far as its hosts tell: those elsewhere take nothing from it, and one that
   * does not answer is none of an estimate's business.
   */
  async findHeldMemory(workspace: string, signal: AbortSignal): Promise<HeldMemory> {
    const entries = (await this.list(workspace)).filter(({ address }) => address === null || isHere(address));
    const held = await Promise.all(
      entries.map(async ({ id }) => {
        const host = await this.open(workspace, id);
        return (await host.loaded?.(signal).catch(() => null)) ?? nothingHeld;
      }),
    );
    const sum = (of: keyof HeldMemory) => held.reduce((total, one) => total + one[of], 0);
    return { memory: sum('memory'), deviceMemory: sum('deviceMemory') };
  }

  /** What models of some hosts worked so far. Null where one of them does not tell, or cannot be asked. */
  async findWork(workspace: string, hosts: Iterable<string>, signal: AbortSignal): Promise<Work> {
    const told = await Promise.all(
      [...hosts].map(async (id) => {
        const host = await this.open(workspace, id);
        return (await host.worked?.(signal).catch(() => null)) ?? unknownWork;
      }),
    );
    return addUpWork(told);
  }

  /** Has a host give back the memory of its idle models. Throws `model-host-unknown`. */
  async unload(workspace: string, id: string, signal: AbortSignal): Promise<void> {
    await this.find(workspace, id);
    await (await this.open(workspace, id)).unload?.(signal);
  }

  /** Takes away what hosts keep of an adapter. Gives what went wrong: a host that is down keeps its copy. */
  async dropAdapter(
    workspace: string,
    adapter: Pick<AdapterValue, 'digest'>,
    signal: AbortSignal,
  ): Promise<readonly unknown[]> {
    const drops = (await this.list(workspace)).map(async ({ id }) =>
      (await this.open(workspace, id)).dropAdapter?.(adapter, signal),
    );
    const settled = await Promise.allSettled(drops);
    return settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  }

  /** Throws `model-host-exists`. */
  async add(workspace: string, host: AddedHost): Promise<HostEntry> {
    checkFreeName(host.name);
    const { kind, name, address } = host;
    const secret = await this.#keepKey(workspace, host, null);
    return describeRow(await insertModelHost(this.#database, { workspace, kind, name, address, secret }));
  }

  /**
   * Without a key, the one that is kept stays; an empty one takes it away. A key goes nowhere but where it was meant for:
   * a new address needs it again. Throws `model-host-unknown`, `model-host-exists`, `model-host-key-needed`.
   */
  async change(workspace: string, id: string, host: AddedHost): Promise<HostEntry> {
    const row = await this.#findRow(workspace, id);
    if (host.name !== row.name) checkFreeName(host.name);
    if (row.secret !== null && host.key === undefined && host.address !== row.address) throw askForKey(host.address);
    const { kind, name, address } = host;
    const secret = await this.#keepKey(workspace, host, row.secret);
    const changed = await changeModelHost(this.#database, { workspace, host: row.id, kind, name, address, secret });
    if (secret === null && row.secret !== null) await this.#dropKey(workspace, row.secret);
    await this.#close(workspace, id);
    return describeRow(changed);
  }

  /** Throws `model-host-unknown`. */
  async remove(workspace: string, id: string): Promise<void> {
    const row = await this.#findRow(workspace, id);
    await deleteModelHost(this.#database, { workspace, host: row.id });
    if (row.secret !== null) await this.#dropKey(workspace, row.secret);
    await this.#close(workspace, id);
  }

  async close(): Promise<void> {
    const hosts = [...this.#open.values()];
    this.#open.clear();
    await Promise.allSettled([this.#embedded.close(), ...hosts.map(async (host) => (await host).close())]);
  }

  async #create(workspace: string, id: string): Promise<ModelHost> {
    const { createOllamaHost, createOpenAiCompatibleHost } = await import('@kumiki/models');
    const silentMilliseconds = this.#silentMilliseconds;
    if (id === ollamaId) return createOllamaHost({ address: this.#ollamaAddress, silentMilliseconds });
    const row = await this.#findRow(workspace, id);
    const address = row.address ?? '';
    const key =
      row.secret === null ? null : await readSecret(this.#database, this.#cipher, { workspace, name: row.secret });
    return row.kind === 'ollama'
      ? createOllamaHost({ address, silentMilliseconds })
      : createOpenAiCompatibleHost({ address, silentMilliseconds, ...(key === null ? {} : { apiKey: key }) });
  }

  async #findRow(workspace: string, id: string): Promise<ModelHostRow> {
    const row = (await listModelHosts(this.#database, { workspace })).find(({ name }) => name === id);
    if (row === undefined) throw refuseUnknown(id);
    return row;
  }

  async #keepKey(workspace: string, host: AddedHost, known: string | null): Promise<string | null> {
    if (host.key === undefined) return known;
    if (host.key === '') return null;
    const name = known ?? `${hostKeyPrefix}${crypto.randomUUID()}`;
    await putSecret(this.#database, this.#cipher, { workspace, name, value: host.key });
    return name;
  }

  /** What is gone already is no reason to fail. */
  async #dropKey(workspace: string, name: string): Promise<void> {
    await deleteSecret(this.#database, { workspace, name }).catch(() => {});
  }

  async #close(workspace: string, id: string): Promise<void> {
    const key = JSON.stringify([workspace, id]);
    const host = this.#open.get(key);
    this.#open.delete(key);
    await (await host?.catch(() => null))?.close();
  }

  async #findOllama(): Promise<boolean> {
    const now = performance.now();
    if (this.#ollamaFound.until > now) return this.#ollamaFound.value;
    const { findModelHosts } = await import('@kumiki/models');
    const value = (await findModelHosts({ ollamaAddress: this.#ollamaAddress })).length > 0;
    this.#ollamaFound = { value, until: now + foundMilliseconds };
    return value;
  }
}

const nothingHeld: HeldMemory = { memory: 0, deviceMemory: 0 };

function isHere(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && isLoopback(url.hostname);
}

function describeRow(row: ModelHostRow): HostEntry {
  return {
    id: row.name,
    kind: row.kind,
    name: row.name,
    address: row.address,
    hasKey: row.secret !== null,
    origin: 'added',
  };
}

function checkFreeName(name: string): void {
  if (name !== embeddedId && name !== ollamaId) return;
  throw new KumikiError({
    code: 'model-host-exists',
    status: 409,
    message: {
      en: `“${name}” is the name of a host that comes with Kumiki or was found by it. Choose another name.`,
      ja: `「${name}」は、内蔵または自動検出のモデルホストの名前です。別の名前を付けてください。`,
    },
  });
}

function askForKey(address: string): KumikiError {
  return new KumikiError({
    code: 'model-host-key-needed',
    status: 422,
    path: '/key',
    message: {
      en: `The key was given for another address, so it is not sent to ${address} by itself. Enter the key of the new address, or an empty one if it needs none.`,
      ja: `保存されているキーは別のアドレス用のため、${address} には送信しません。新しいアドレスのキーを入力してください（不要な場合は空にします）。`,
    },
  });
}

function refuseUnknown(id: string): KumikiError {
  return new KumikiError({
    code: 'model-host-unknown',
    status: 404,
    message: {
      en: `There is no model host “${id}”. Add it under Models, or choose another one.`,
      ja: `モデルホスト「${id}」はありません。「モデル」で追加するか、別のホストを選んでください。`,
    },
  });
}
