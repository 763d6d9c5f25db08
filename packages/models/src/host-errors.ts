import { KumikiError } from '@kumiki/node-sdk';

/** A host as people know it, such as `Ollama (127.0.0.1:11434)`: never with a key or a path in it. */
export type HostName = string;

export function modelUnknown(host: HostName, model: string): KumikiError {
  return new KumikiError({
    code: 'model-unknown',
    status: 404,
    message: {
      en: `${host} has no model named “${model}”. Download it there first, or choose one that it has.`,
      ja: `${host} に「${model}」というモデルはありません。先にダウンロードするか、そこにあるモデルを選んでください。`,
    },
  });
}

export function hostDown(host: HostName, cause?: unknown): KumikiError {
  return new KumikiError({
    code: 'model-host-down',
    status: 503,
    retryable: true,
    message: {
      en: `${host} cannot be reached. Start it, or correct its address under Models.`,
      ja: `${host} に接続できません。ホストを起動するか、「モデル」でアドレスを直してください。`,
    },
    cause,
  });
}

export function hostSilent(host: HostName, cause?: unknown): KumikiError {
  return new KumikiError({
    code: 'model-host-silent',
    status: 504,
    retryable: true,
    message: {
      en: `${host} took a request and has not answered it for a long time. Look at its log, and restart it where it hangs.`,
      ja: `${host} はリクエストを受け付けたまま、長い間応答していません。ログを確認し、止まっている場合は再起動してください。`,
    },
    cause,
  });
}

export function modelOutOfMemory(host: HostName, model: string, cause?: unknown): KumikiError {
  return new KumikiError({
    code: 'model-out-of-memory',
    status: 507,
    message: {
      en: `${host} has too little memory for the model “${model}”. Choose a smaller model or a shorter context, or unload other models.`,
      ja: `${host} のメモリーが足りず、モデル「${model}」を動かせません。小さいモデルを選ぶか、コンテキスト長を減らすか、ほかのモデルを終了してください。`,
    },
    cause,
  });
}

export function streamCut(host: HostName, model: string, cause?: unknown): KumikiError {
  return new KumikiError({
    code: 'model-stream-cut',
    status: 502,
    retryable: true,
    message: {
      en: `${host} stopped in the middle of an answer of “${model}”: what came so far is incomplete. Ask again; if it happens often, look at the log of the host.`,
      ja: `${host} は「${model}」の回答の途中で止まりました。ここまでの回答は不完全です。もう一度質問してください。何度も起きるときは、ホストのログを確認してください。`,
    },
    cause,
  });
}

export function hostBusy(host: HostName, cause?: unknown): KumikiError {
  return new KumikiError({
    code: 'model-host-busy',
    status: 503,
    retryable: true,
    message: {
      en: `${host} has too many requests waiting, or is still loading the model. Try again in a moment, or allow it more parallel requests.`,
      ja: `${host} は、待っているリクエストが多すぎるか、モデルを読み込んでいる途中です。少し待ってからもう一度試すか、同時に処理できる数を増やしてください。`,
    },
    cause,
  });
}

export function wrongPurpose(
  host: HostName,
  model: string,
  wanted: 'chat' | 'embedding',
  cause?: unknown,
): KumikiError {
  const message =
    wanted === 'chat'
      ? {
          en: `The model “${model}” on ${host} cannot write answers. Choose a chat model.`,
          ja: `${host} のモデル「${model}」は回答の生成に使えません。対話モデルを選んでください。`,
        }
      : {
          en: `The model “${model}” on ${host} cannot embed text. Choose an embedding model.`,
          ja: `${host} のモデル「${model}」は埋め込みに使えません。埋め込みモデルを選んでください。`,
        };
  return new KumikiError({ code: 'model-purpose', status: 422, message, cause });
}

export function inputTooLong(host: HostName, model: string, cause?: unknown): KumikiError {
  return new KumikiError({
    code: 'model-input-too-long',
    status: 422,
    message: {
      en: `The input is longer than the context length of the model “${model}” on ${host}. Shorten it, hand on fewer or shorter passages, or raise the context length.`,
      ja: `入力が ${host} のモデル「${model}」のコンテキスト長を超えています。入力を短くするか、抜粋を減らすか、コンテキスト長を増やしてください。`,
    },
    cause,
  });
}

export function hostRefused(host: HostName, cause?: unknown): KumikiError {
  return new KumikiError({
    code: 'model-host-refused',
    status: 502,
    message: {
      en: `${host} refused the request: its API key is missing or wrong. Enter it under Models.`,
      ja: `${host} がリクエストを拒否しました。API キーがないか、誤っています。「モデル」で入力してください。`,
    },
    cause,
  });
}

/** `advice` says how the host would take it, as whole sentences. */
export function adapterNotServed(
  host: HostName,
  model: string,
  advice: { readonly en: string; readonly ja: string },
  cause?: unknown,
): KumikiError {
  return new KumikiError({
    code: 'adapter-not-served',
    status: 409,
    message: {
      en: `${host} cannot put this adapter on the model “${model}”. ${advice.en}`,
      ja: `${host} では、学習したアダプターを「${model}」に適用できません。${advice.ja}`,
    },
    cause,
  });
}

/** Anything else that a host said. `said` is shown, without what looks like a path. */
export function hostFailed(host: HostName, model: string | null, said: string, cause?: unknown): KumikiError {
  const shown = hidePaths(said).slice(0, 300) || '—';
  return new KumikiError({
    code: 'model-host-failed',
    status: 502,
    message: {
      en: `${host} failed${model === null ? '' : ` with the model “${model}”`}: ${shown} Look at the log of the host.`,
      ja: `${host} で${model === null ? '' : `モデル「${model}」の`}エラーが起きました：${shown} ホストのログを確認してください。`,
    },
    cause,
  });
}

/** Hosts put the places of their files into messages; those are nobody's business but the log's. */
function hidePaths(text: string): string {
  return text.replaceAll(/(?<=^|[\s"'(=:])(?:[A-Za-z]:)?[\\/][^\s"')]+/g, '…').trim();
}
