import type { ChatAdapter } from '@kumiki/node-sdk';
import { adapterNotServed, type HostName } from './host-errors.ts';
import { untilAborted } from './until-aborted.ts';

/** Posts to a route beside OpenAI's, and gives back what came, whatever its status. */
export type PostOwn = (
  path: string,
  body: object,
  signal: AbortSignal,
) => Promise<{ readonly status: number; readonly said: string }>;

export type VllmAdapters = {
  /** The name under which the server answers with the adapter. Loads it where that has not been done. */
  load(model: string, adapter: ChatAdapter, signal: AbortSignal): Promise<string>;
  /** Forgets that one was loaded: the server does not know it any more. True where it had been loaded. */
  forget(adapter: ChatAdapter): boolean;
  /** Takes all that was loaded by this out again. */
  unloadAll(signal: AbortSignal): Promise<void>;
};

const loadPath = '/v1/load_lora_adapter';
const unloadPath = '/v1/unload_lora_adapter';

export function nameVllmAdapter({ digest }: Pick<ChatAdapter, 'digest'>): string {
  return `kumiki-${digest.replace(/^sha256:/, '').slice(0, 16)}`;
}

/** Models that are such adapters. They are no models to choose: the base is, and the adapter comes with it. */
export function isVllmAdapter(name: string): boolean {
  return /^kumiki-[0-9a-f]{16}$/.test(name);
}

/**
 * vLLM loads LoRA adapters while it runs, each under a name of its own, from a PEFT folder that it can read. Two requests at
 * the same time load one once; one that is there already, from an earlier process, counts as loaded.
 */
export function createVllmAdapters(options: {
  readonly host: HostName;
  readonly post: PostOwn;
  /** When the host is closed. */
  readonly closed: AbortSignal;
}): VllmAdapters {
  const { host, post, closed } = options;
  const loaded = new Map<string, Promise<void>>();

  const load = async (model: string, adapter: ChatAdapter, name: string): Promise<void> => {
    const folder = await adapter.peftFolder(closed);
    const { status, said } = await post(loadPath, { lora_name: name, lora_path: folder }, closed);
    if (status === 200 || /already been loaded/i.test(said)) return;
    throw refuse(host, model, { status, said });
  };

  return {
    async load(model, adapter, signal) {
      const name = nameVllmAdapter(adapter);
      let loading = loaded.get(name);
      if (loading === undefined) {
        loading = load(model, adapter, name);
        loaded.set(name, loading);
        loading.catch(() => loaded.delete(name));
      }
      await untilAborted(loading, signal);
      return name;
    },
    forget: (adapter) => loaded.delete(nameVllmAdapter(adapter)),
    async unloadAll(signal) {
      const names = [...loaded.keys()];
      loaded.clear();
      for (const name of names) await post(unloadPath, { lora_name: name }, signal);
    },
  };
}

function refuse(host: HostName, model: string, { status, said }: { readonly status: number; readonly said: string }) {
  const cause = new Error(`${status}: ${said}`);
  // Without the switch the route is not there; with it, a missing folder is a 404 of vLLM's own kind.
  if (/no adapter found|no such file|does not exist/i.test(said)) {
    const advice = {
      en: 'It cannot read the folder of adapters in the data folder of Kumiki. Mount that folder there at the same path.',
      ja: 'Kumiki のデータフォルダーにあるアダプターを、このホストから読み込めません。同じパスで読めるように、フォルダーをマウントしてください。',
    };
    return adapterNotServed(host, model, advice, cause);
  }
  if (/max_lora_rank|lora rank/i.test(said)) {
    const advice = {
      en: 'Its rank is higher than the host was started for. Start vLLM with a higher --max-lora-rank.',
      ja: 'アダプターのランクが、ホストの上限を超えています。vLLM の --max-lora-rank を大きくして起動してください。',
    };
    return adapterNotServed(host, model, advice, cause);
  }
  const advice = {
    en: 'vLLM has to be allowed to load adapters: VLLM_ALLOW_RUNTIME_LORA_UPDATING=True vllm serve … --enable-lora --max-lora-rank 64',
    ja: 'vLLM は、アダプターを読み込めるように次のように起動してください：VLLM_ALLOW_RUNTIME_LORA_UPDATING=True vllm serve … --enable-lora --max-lora-rank 64',
  };
  return adapterNotServed(host, model, advice, cause);
}
