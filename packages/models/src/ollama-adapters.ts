import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ChatAdapter } from '@kumiki/node-sdk';
import { z } from 'zod';
import { decodePieces, HostWords, parseJson, readLines } from './host-answer.ts';
import { untilAborted } from './until-aborted.ts';

/** The base as Ollama has it. */
export type OllamaBase = {
  readonly name: string;
  /** Of its manifest: weights, template and parameters together. */
  readonly digest: string;
  readonly quantisation: string | null;
};

export type OllamaAdapters = {
  /** The name of base and adapter in one, as the host has it among `names`, or gets it by this. */
  ensure(
    base: OllamaBase,
    adapter: ChatAdapter,
    host: { readonly names: readonly string[] },
    signal: AbortSignal,
  ): Promise<string>;
  /** Those of `names` that have the adapter in them, over whatever base. */
  findMade(adapter: Pick<ChatAdapter, 'digest'>, names: readonly string[]): readonly string[];
};

const namespace = 'kumiki/';
const wholeTypes: ReadonlySet<string> = new Set(['F16', 'BF16', 'F32']);

/** What of `/api/show` makes the model answer as it does. What a version does not tell is left to its own defaults. */
const shownSchema = z.object({
  template: z.string().optional(),
  system: z.string().optional(),
  parameters: z.string().optional(),
  license: z.string().optional(),
  renderer: z.string().optional(),
  parser: z.string().optional(),
});

const progressSchema = z.object({ status: z.string().optional(), error: z.string().optional() });

/** Models that were made by this are no models to choose: the base is, and the adapter comes with it. */
export function isTunedModel(name: string): boolean {
  return name.startsWith(namespace);
}

/**
 * A name that says what the base is called and what the two are: another template or other weights under the name of the
 * base make another tuned model.
 */
export function nameTunedModel(
  base: Pick<OllamaBase, 'name' | 'digest'>,
  adapter: Pick<ChatAdapter, 'digest'>,
): string {
  const readable = base.name.replaceAll(/[^A-Za-z0-9._-]+/g, '-').slice(0, 60);
  return `${namespace}${readable}:${shorten(adapter.digest)}-${shorten(base.digest)}`;
}

/** Digests may be of any form, and tags may not. */
function shorten(digest: string): string {
  return createHash('sha256').update(digest).digest('hex').slice(0, 16);
}

/**
 * Ollama takes no adapters any more (v0.34: `LoRA adapters are no longer supported`), so base and adapter go there as one
 * model: merged, sent as a blob, and created with the template and parameters of the base. Asked twice at the same time,
 * it is made once; it goes on where whoever asked leaves, since a large model should not be sent in vain.
 */
export function createOllamaAdapters(options: {
  readonly address: string;
  readonly fetchIt: typeof fetch;
  /** When the host is closed. */
  readonly closed: AbortSignal;
  /** Gives what the host said, or that it said nothing, its name. */
  readonly nameError: (error: unknown, model: string) => unknown;
}): OllamaAdapters {
  const { address, fetchIt, closed, nameError } = options;
  const making = new Map<string, Promise<void>>();

  const post = (route: string, body: object): Promise<Response> =>
    fetchIt(`${address}${route}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  const sendBlob = async (file: string): Promise<string> => {
    const hash = createHash('sha256');
    await pipeline(createReadStream(file), hash, { signal: closed });
    const digest = `sha256:${hash.digest('hex')}`;
    const blob = `${address}/api/blobs/${digest}`;
    if ((await fetchIt(blob, { method: 'HEAD' })).ok) return digest;
    const body = Readable.toWeb(createReadStream(file));
    await requireGood(await fetchIt(blob, { method: 'POST', body, duplex: 'half' }));
    return digest;
  };

  const make = async (base: OllamaBase, adapter: ChatAdapter, name: string): Promise<void> => {
    const type = wholeTypes.has(base.quantisation ?? '') ? 'F16' : 'Q8_0';
    const file = await adapter.mergedFile(type, closed);
    try {
      await create(base, file, name);
    } catch (error) {
      throw nameError(error, base.name);
    }
  };

  const create = async (base: OllamaBase, file: string, name: string): Promise<void> => {
    const told = await requireGood(await post('/api/show', { model: base.name }));
    const { parameters, ...shown } = shownSchema.parse(await told.json());
    const digest = await sendBlob(file);
    const created = await requireGood(
      await post('/api/create', {
        model: name,
        files: { [path.basename(file)]: digest },
        ...shown,
        ...(parameters !== undefined && { parameters: readParameters(parameters) }),
      }),
    );
    await requireSuccess(created);
  };

  return {
    async ensure(base, adapter, { names }, signal) {
      const name = nameTunedModel(base, adapter);
      if (names.includes(name)) return name;
      let made = making.get(name);
      if (made === undefined) {
        made = make(base, adapter, name).finally(() => making.delete(name));
        made.catch(() => undefined);
        making.set(name, made);
      }
      await untilAborted(made, signal);
      return name;
    },
    findMade: ({ digest }, names) =>
      names.filter((name) => isTunedModel(name) && name.includes(`:${shorten(digest)}-`)),
  };
}

/** `stop  "<|im_end|>"`, a line for each value, as `/api/show` writes them and `/api/create` does not read them. */
export function readParameters(text: string): Readonly<Record<string, unknown>> {
  const values = new Map<string, unknown[]>();
  for (const line of text.split('\n')) {
    const [, key, written] = /^(\S+)\s+(.*)$/.exec(line.trim()) ?? [];
    if (key === undefined || written === undefined) continue;
    values.set(key, [...(values.get(key) ?? []), parseJson(written) ?? written]);
  }
  return Object.fromEntries(
    [...values].map(([key, [first, ...others]]) => [
      key,
      key === 'stop' || others.length > 0 ? [first, ...others] : first,
    ]),
  );
}

async function requireGood(response: Response): Promise<Response> {
  if (response.ok) return response;
  const said = await response.text();
  const words = z.object({ error: z.string() }).safeParse(parseJson(said));
  throw new HostWords(words.success ? words.data.error : said, response.status);
}

/** What goes wrong after the status is told within the stream, as a failure of the same kind as one that has a status. */
async function requireSuccess(response: Response): Promise<void> {
  let last: string | null = null;
  for await (const line of readLines(decodePieces(response.body ?? new Blob([]).stream()))) {
    const { status, error } = progressSchema.parse(JSON.parse(line));
    if (error !== undefined) throw new HostWords(error, 500);
    last = status ?? last;
  }
  if (last !== 'success') throw new HostWords(`It stopped while it made the model: ${last ?? 'it said nothing'}.`, 500);
}
