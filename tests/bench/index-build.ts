import { multilingualE5Small } from '@kumiki/models';
import type { Document, ModelHost, NodeContext, Stream, StreamElement } from '@kumiki/node-sdk';
import { chunkRecursive, embed, embeddingModel } from '@kumiki/nodes';
import { buildFlowDocument, MemoryServices } from '@kumiki/testkit';
import { makeTemporaryFolder, startKumiki } from '@kumiki/testkit/kumiki-process';
import { buildFlow, createFlow, type KumikiSession, uploadCollection } from '@kumiki/testkit/kumiki-session';
import { type Bench, type BenchRow, median } from './bench.ts';
import { readJaquadDev } from './jaquad.ts';
import { openEmbeddingHost } from './jaquad-index.ts';
import { listFamily } from './process-family.ts';
import { asKind, runNode, silentContext } from './run-node.ts';

const passages = 1_000;
/** Small enough that a neighbour's burst of work falls on both ways of a pair. */
const passagesPerPair = 500;
const lowestRatio = 0.9;
/** As many as the program has on a machine with two cores. */
const lanes = 2;

/**
 * Building an index through the running program beside embedding the very same texts by the model alone. Loading,
 * parsing, chunking, counting tokens and writing take place while the model works; what they take from it is the figure.
 */
export const indexBench: Bench = {
  name: 'index',
  async run(log) {
    const files = await readFiles();
    const { folder, remove } = await makeTemporaryFolder();
    const host = await openEmbeddingHost({ lanes });
    // A new data folder, so that no vector is known beforehand.
    const server = await startKumiki({ dataFolder: folder });
    try {
      const session = await server.signIn();
      const slices = Array.from({ length: passages / passagesPerPair }, (_, slice) =>
        Object.fromEntries(files.slice(slice * passagesPerPair, (slice + 1) * passagesPerPair)),
      );
      for (const [slice, some] of slices.entries()) await uploadCollection(session, nameSlice(slice), some);
      const pairs: Pair[] = [];
      const before = await readProcessorSeconds(server.pid);
      for (const [slice, some] of slices.entries()) {
        const texts = await composeTexts(some, host);
        const build = async () => {
          await warmModel(session, slice);
          return buildCollection(session, nameSlice(slice));
        };
        const embedAll = () => embedAlone(host, texts);
        // On a machine whose speed drifts, whoever is first must not always be the same.
        const isBuildFirst = pairs.length % 2 === 0;
        const first = await (isBuildFirst ? build() : embedAll());
        const second = await (isBuildFirst ? embedAll() : build());
        const [buildSeconds, modelSeconds] = isBuildFirst ? [first, second] : [second, first];
        const pair = { kumiki: texts.length / buildSeconds, model: texts.length / modelSeconds };
        log(`${texts.length} chunks: ${pair.kumiki.toFixed(1)}/s, the model alone ${pair.model.toFixed(1)}/s`);
        pairs.push(pair);
      }
      const after = await readProcessorSeconds(server.pid);
      return [speedRow(pairs), shareRow({ model: after.model - before.model, all: after.all - before.all })];
    } finally {
      await server.stop();
      await host.close();
      await remove();
    }
  },
};

/** Chunks per second. */
type Pair = { readonly kumiki: number; readonly model: number };

function speedRow(speeds: readonly Pair[]): BenchRow {
  const ratio = median(speeds.map(({ kumiki, model }) => kumiki / model));
  return {
    figure: `building an index of ${passages} passages`,
    value: median(speeds.map(({ kumiki }) => kumiki)),
    unit: 'chunks/s',
    yardstick: { name: 'the embedding model alone', value: median(speeds.map(({ model }) => model)) },
    ratio,
    target: `ratio >= ${lowestRatio}`,
    met: ratio >= lowestRatio,
  };
}

/** The same figure for a machine that others keep busy: they make everything slower, but no work more. */
function shareRow({ model, all }: ProcessorSeconds): BenchRow {
  return {
    figure: 'processor time of these builds',
    value: all,
    unit: 's',
    yardstick: { name: 'of the embedding model in them', value: model },
    ratio: model / all,
    target: `ratio >= ${lowestRatio}`,
    met: model / all >= lowestRatio,
  };
}

type ProcessorSeconds = { readonly model: number; readonly all: number };

async function readProcessorSeconds(server: number): Promise<ProcessorSeconds> {
  const family = await listFamily(server);
  const sum = (members: typeof family) => members.reduce((total, member) => total + member.processorSeconds, 0);
  return { model: sum(family.filter(({ command }) => command.includes('embedded-worker'))), all: sum(family) };
}

async function readFiles(): Promise<readonly (readonly [name: string, content: string])[]> {
  const articles = await readJaquadDev();
  const texts = articles.flatMap((article) => article.passages.map(({ text }) => text)).slice(0, passages);
  return texts.map((text, place) => [`${String(place).padStart(4, '0')}.txt`, text]);
}

function nameSlice(slice: number): string {
  return `passages ${slice}`;
}

/** A model that has had nothing to do for a minute has let go of its contexts; embedding alone warms them as well. */
async function warmModel(session: KumikiSession, slice: number): Promise<void> {
  const name = `warm ${slice}`;
  await uploadCollection(session, name, { 'warm.txt': `組木は釘を使わずに木を組む技術です。${slice}` });
  await buildCollection(session, name);
}

/** Gives the seconds of the build alone. */
async function buildCollection(session: KumikiSession, collection: string): Promise<number> {
  const document = buildFlowDocument(collection)
    .node('load', 'load/files', { collection })
    .node('model', 'model/embedding', { model: multilingualE5Small.name })
    .node('chunk', 'chunk/recursive')
    .node('embed', 'embed')
    .node('index', 'index/pgvector')
    .node('question', 'input', { name: 'question' })
    .node('search', 'retrieve/hybrid')
    .node('answer', 'output', { name: 'passages' })
    .wire('load.documents', 'chunk.documents')
    .wire('model.model', 'chunk.model')
    .wire('chunk.chunks', 'embed.chunks')
    .wire('model.model', 'embed.model')
    .wire('embed.vectors', 'index.vectors')
    .wire('model.model', 'index.model')
    .wire('question.value', 'search.query')
    .wire('index.index', 'search.index')
    .wire('search.passages', 'answer.passages')
    .wire('question.value', 'answer.value')
    .build();
  const { id } = await createFlow(session, document);
  const began = performance.now();
  const { end } = await buildFlow(session, id);
  const seconds = (performance.now() - began) / 1000;
  if (end.state !== 'succeeded') throw new Error(`The build ended: ${JSON.stringify(end)}`);
  return seconds;
}

/** One call with all of them: nothing keeps the model waiting. Gives seconds. */
async function embedAlone(host: ModelHost, texts: readonly string[]): Promise<number> {
  const { signal } = new AbortController();
  await host.embed({ model: multilingualE5Small.name, texts: texts.slice(0, lanes) }, signal);
  const began = performance.now();
  await host.embed({ model: multilingualE5Small.name, texts }, signal);
  return (performance.now() - began) / 1000;
}

/** What the model is given in a build, prefixes and titles included: the chunk and embed nodes say it themselves. */
async function composeTexts(files: Readonly<Record<string, string>>, host: ModelHost): Promise<readonly string[]> {
  const texts: string[] = [];
  const recording: ModelHost = {
    ...host,
    embed: async ({ texts: asked }) => {
      texts.push(...asked);
      const dimensions = multilingualE5Small.embedding?.dimensions ?? 0;
      return { vectors: asked.map(() => new Float32Array(dimensions)), tokens: 0 };
    },
  };
  const { signal } = new AbortController();
  const services = new MemoryServices({ host: recording }).bind({ signal });
  const context: NodeContext = { ...services, ...silentContext, signal };
  const { model } = await runNode(embeddingModel, { settings: { model: multilingualE5Small.name }, context });
  const { chunks } = await runNode(chunkRecursive, { inputs: { documents: streamDocuments(files), model }, context });
  const { vectors } = await runNode(embed, { inputs: { chunks, model }, context });
  for await (const element of asKind<'vectors'>(vectors)) {
    if ('error' in element) throw new Error(`A passage could not be cut: ${JSON.stringify(element.error)}`);
  }
  return texts;
}

async function* streamDocuments(files: Readonly<Record<string, string>>): Stream<Document> {
  for (const [name, text] of Object.entries(files)) {
    const document = { id: name, name, mediaType: 'text/plain', contentHash: name, metadata: {} };
    yield { document, items: [{ text, headings: [], pages: [] }] } satisfies StreamElement<Document>;
  }
}
