import type { NodeServices, ServiceBinding } from '@kumiki/engine';
import type { DocumentIndex } from '@kumiki/node-sdk';
import { createTableAccess } from '@kumiki/store';
import type { Egress } from '../egress/egress.ts';
import { createInspectedModels, createModelAccess } from '../models/model-access.ts';
import type { Workbench } from '../workbench.ts';
import { createDataSetAccess } from './data-set-access.ts';
import { createFileAccess } from './file-access.ts';
import { readFlowSecret } from './flow-secret.ts';

type Parts = Pick<Workbench, 'blobs' | 'cipher' | 'configuration' | 'documents' | 'hosts' | 'store' | 'trainings'> & {
  readonly egress: Egress;
  readonly index: DocumentIndex;
};

/** The folder of the file that a node's flow came from, by the node's path; null where it came from none. */
export type OriginOf = (node: string) => string | null;

/** What nodes reach the world by. */
export type BindServices = (originOf: OriginOf) => (binding: ServiceBinding) => NodeServices;

export function createNodeServices(parts: Parts): BindServices {
  const { blobs, cipher, configuration, documents, egress, hosts, index, store, trainings } = parts;
  const { database } = store;
  const inspected = createInspectedModels();
  const openHost = hosts.open.bind(hosts);
  const openAdapter = trainings.openAdapter.bind(trainings);
  return (originOf) =>
    ({ workspace, run, node, signal }) => {
      const readSecret = (name: string) => readFlowSecret(database, cipher, { workspace, name });
      return {
        models: createModelAccess({ workspace, database, openHost, openAdapter, inspected, signal }),
        files: createFileAccess({
          workspace,
          database,
          blobs,
          folders: configuration.folders,
          origin: originOf(node),
          signal,
        }),
        documents,
        index,
        web: egress.bind({ signal, readSecret }),
        datasets: createDataSetAccess({ blobs, signal }),
        training: trainings.bind({ workspace, run, node, signal }),
        tables: createTableAccess({ connect: (place) => egress.connect(place, signal), readSecret, signal }),
      };
    };
}
