import { join } from 'node:path';
import { createDocumentParser } from '@kumiki/documents';
import type { NodeTypes } from '@kumiki/engine';
import type { NodeTypeDescriptions } from '@kumiki/flow';
import type { BlobStore, DocumentParser } from '@kumiki/node-sdk';
import { nodeTypes as allNodeTypes } from '@kumiki/nodes';
import {
  createSecretCipher,
  findKey,
  findSession,
  isContentNamed,
  openBlobStore,
  openContentGate,
  openSecretKeyFile,
  parseSecretKey,
  type SecretCipher,
  type Store,
  touchKey,
} from '@kumiki/store';
import { Callers } from './access/caller.ts';
import { PasswordCheck } from './access/password.ts';
import { SignInLinks } from './access/sign-in-links.ts';
import { createToken } from './access/tokens.ts';
import { listChores } from './chores.ts';
import type { Configuration } from './configuration.ts';
import { ContentKeeper } from './content-keeper.ts';
import { createDiskRoom, type DiskRoom } from './disk-room.ts';
import { createEgress } from './egress/create-egress.ts';
import { startHousekeeping } from './housekeeping.ts';
import { createLog, type Log } from './http/log.ts';
import { type EmbeddedHost, EmbeddedModels } from './models/embedded-models.ts';
import { HostDirectory } from './models/host-directory.ts';
import { Plans } from './runs/plans.ts';
import { createRunning, type Running } from './runs/running.ts';
import { type ServerPresence, showPresence } from './server-presence.ts';
import { EndpointTable } from './serving/endpoint-table.ts';
import { findOwnTrainer, type TrainerSource, Trainings } from './training/trainings.ts';

/** There is one workspace until there are accounts; the store's migration makes it. */
export const defaultWorkspace = 'default';

/** A server answers; a worker only executes what is queued, and leaves all else to the servers. */
export type ProcessRole = 'server' | 'worker';

/** What is opened from outside and can be replaced by a test. */
export type WorkbenchParts = {
  readonly configuration: Configuration;
  readonly log: Log;
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly cipher: SecretCipher;
  readonly nodeTypes: NodeTypes;
  readonly embedded: EmbeddedHost;
  readonly trainer: TrainerSource;
};

/** All that the routes and the worker stand on. Whoever opens it closes it. */
export type Workbench = WorkbenchParts & {
  readonly contents: ContentKeeper;
  /** Null where the database is a server's, which looks after its own disk. */
  readonly room: DiskRoom | null;
  readonly descriptions: NodeTypeDescriptions;
  readonly documents: DocumentParser;
  readonly hosts: HostDirectory;
  readonly endpoints: EndpointTable;
  readonly trainings: Trainings;
  readonly running: Running;
  readonly callers: Callers;
  readonly signInLinks: SignInLinks;
  readonly passwordCheck: PasswordCheck | null;
  /** Opens everything to the command line of this machine. */
  readonly localToken: string;
  readonly housekeeping: { stop(): Promise<void> };
  readonly presence: ServerPresence;
  close(): Promise<void>;
};

/** Opens the rest of the data folder and binds the interfaces to their implementations. Closes the store where it fails. */
export async function openWorkbench(
  configuration: Configuration,
  store: Store,
  role: ProcessRole = 'server',
): Promise<Workbench> {
  const { dataFolder } = configuration;
  try {
    const log = await createLog(configuration.logLevel);
    const key =
      configuration.secretKey === null
        ? await openSecretKeyFile(join(dataFolder, 'secret.key'))
        : parseSecretKey(configuration.secretKey);
    const parts = {
      configuration,
      log,
      store,
      blobs: await openBlobStore(join(dataFolder, 'blobs')),
      cipher: createSecretCipher(key),
      nodeTypes: new Map(allNodeTypes.map((type) => [type.description.type, type])),
      embedded: new EmbeddedModels(configuration.cacheFolder),
      trainer: findOwnTrainer(configuration.cacheFolder),
    };
    return makeWorkbench(parts, role);
  } catch (error) {
    await store.close();
    throw error;
  }
}

export function makeWorkbench(parts: WorkbenchParts, role: ProcessRole = 'server'): Workbench {
  const { configuration, store, blobs, cipher, embedded, nodeTypes } = parts;
  const { database } = store;
  const descriptions = new Map([...nodeTypes].map(([name, { description }]) => [name, description]));
  const documents = createDocumentParser();
  const { ollamaAddress } = configuration;
  const silentMilliseconds = configuration.silentSeconds * 1_000;
  const hosts = new HostDirectory({ database, cipher, embedded, ollamaAddress, silentMilliseconds });
  const localToken = createToken();
  const callers = new Callers(
    {
      async findKey(key) {
        const row = await findKey(database, key);
        if (row === null) return null;
        await touchKey(database, row.id);
        return { kind: 'key', workspace: row.workspaceId, id: row.id, scopes: row.scopes, endpoints: row.endpoints };
      },
      async findSession(hash) {
        const session = await findSession(database, hash);
        return session === null ? null : { kind: 'session', workspace: session.workspace };
      },
    },
    { token: localToken, workspace: defaultWorkspace },
  );
  const plans = new Plans(database, nodeTypes);
  const endpoints = new EndpointTable({
    database,
    plans,
    descriptions,
    // Only one process has the embedded database open.
    staleMilliseconds: store.kind === 'embedded' ? null : 2_000,
  });
  const room = store.kind === 'embedded' ? createDiskRoom(configuration.dataFolder) : null;
  const egress = createEgress({ allowed: configuration.egress });
  const trainings = new Trainings({ ...parts, hosts });
  const running = createRunning({
    ...parts,
    descriptions,
    documents,
    hosts,
    plans,
    endpoints,
    egress,
    room,
    trainings,
  });
  const gate = openContentGate(store);
  const contents = new ContentKeeper({ blobs, gate, isNamed: (sha256) => isContentNamed(database, sha256) });
  const { recorder } = running;
  // An answer is written down behind it.
  const longestMilliseconds = configuration.answerSeconds * 1_000 + 60_000;
  const presence = showPresence(store, { answers: role === 'server', longestMilliseconds, log: parts.log });
  const chores = listChores({
    workspace: defaultWorkspace,
    database,
    blobs,
    contents,
    recorder,
    presence,
    configuration,
  });
  // A server knows which contents are arriving, and which answers are being made.
  const housekeeping = startHousekeeping(role === 'server' ? chores : [], parts.log);
  return {
    ...parts,
    endpoints,
    trainings,
    running,
    descriptions,
    contents,
    room,
    documents,
    hosts,
    callers,
    signInLinks: new SignInLinks(),
    passwordCheck: configuration.password === null ? null : new PasswordCheck(configuration.password),
    localToken,
    housekeeping,
    presence,
    async close() {
      await housekeeping.stop();
      await running.stop();
      // Once no answer is being made any more.
      await presence.stop();
      await egress.close();
      await hosts.close();
      await documents.close();
      await gate.close();
      await store.close();
    },
  };
}
