import ELK from 'elkjs/lib/elk-api.js';
import workerAddress from 'elkjs/lib/elk-worker.min.js?url';
import type { LayoutGraph } from './lay-out-band.ts';

/** Lays out in a worker that lives for one layout. */
export const layOutWithElk: LayoutGraph = async (graph) => {
  const elk = new ELK({ workerFactory: () => new Worker(workerAddress) });
  try {
    return await elk.layout(graph);
  } finally {
    elk.terminateWorker();
  }
};
