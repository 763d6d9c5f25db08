import { type JsonValue, secretNamePattern } from '@kumiki/flow';
import { defineNode, KumikiError, port, type SecretHeader, type WebAnswer } from '@kumiki/node-sdk';
import { z } from 'zod';
import { fillAddress, fillJson, fillText, type Variables } from './fill-request.ts';

const variableKinds = ['text', 'number', 'boolean', 'json', 'passages'] as const;

const headerSchema = z.object({
  name: z.string().min(1).max(200),
  value: z.string().max(10_000).default(''),
  secret: z.object({ $secret: z.string().regex(secretNamePattern) }).optional(),
});

const settings = z
  .object({
    method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('POST'),
    url: z.string().min(1).max(4_000),
    headers: z.array(headerSchema).max(50).default([]),
    format: z.enum(['json', 'text']).default('json'),
    body: z.string().max(50_000).default(''),
    answer: z.enum(['text', 'json']).default('text'),
    acceptErrors: z.boolean().default(false),
    timeoutSeconds: z.int().min(1).max(600).default(30),
  })
  .superRefine(({ format, body }, context) => {
    if (format !== 'json' || body.trim() === '' || isJson(body)) return;
    const params = {
      en: 'it is not JSON; write variables within strings, as in {"text": "{{question}}"}',
      ja: 'JSON になっていません。変数は {"text": "{{question}}"} のように文字列の中に書いてください',
    };
    context.addIssue({ code: 'custom', path: ['body'], input: body, params });
  });

type Settings = z.output<typeof settings>;

/** Answers that say: come again. Everything else an attempt would only repeat. */
const passingStatuses: ReadonlySet<number> = new Set([408, 425, 429, 502, 503, 504]);

/** Calls a server outside. Every attempt carries the same key, so that a server which knows such keys acts only once. */
export const httpRequest = defineNode({
  type: 'logic/http-request',
  version: 1,
  behaviour: 1,
  effect: 'acts',
  title: { en: 'HTTP request', ja: 'HTTP リクエスト' },
  description: {
    en: 'Calls another server with the values that arrive, and puts out its answer. Runs anew for every question; where no question reaches it, with every build.',
    ja: '届いた値を使って外部のサーバーを呼び出し、その応答を渡します。質問のたびに実行します。質問が届かない位置に置くと、構築のたびに実行します。',
  },
  settings,
  settingTexts: {
    method: { title: { en: 'Method', ja: 'メソッド' } },
    url: {
      title: { en: 'Address', ja: 'アドレス' },
      description: {
        en: 'Each {{name}} becomes an input. Values are encoded, so that they stay one part of the address.',
        ja: '{{名前}} と書くと、その名前の入力ができます。値はエンコードして入れるため、アドレスのほかの部分を変えることはありません。',
      },
    },
    headers: {
      title: { en: 'Headers', ja: 'ヘッダー' },
      entries: {
        name: { title: { en: 'Name', ja: '名前' } },
        value: {
          title: { en: 'Value', ja: '値' },
          description: {
            en: 'Each {{name}} becomes an input. With a secret: what stands before it, such as Bearer.',
            ja: '{{名前}} と書くと、その名前の入力ができます。シークレットを使うときは、その前に付ける語（Bearer など）を書きます。',
          },
        },
        secret: { title: { en: 'Secret', ja: 'シークレット' }, widget: 'secret' },
      },
    },
    format: {
      title: { en: 'Send as', ja: '送る形式' },
      options: { json: { en: 'JSON', ja: 'JSON' }, text: { en: 'Text', ja: 'テキスト' } },
    },
    body: {
      title: { en: 'Body', ja: '本文' },
      description: {
        en: 'Each {{name}} becomes an input. As JSON, write them within strings; "{{name}}" alone becomes the value itself. GET sends none.',
        ja: '{{名前}} と書くと、その名前の入力ができます。JSON では文字列の中に書きます。"{{名前}}" だけの文字列は、値そのものになります。GET では送りません。',
      },
      widget: 'textarea',
    },
    answer: {
      title: { en: 'Read answer as', ja: '応答の形式' },
      options: { text: { en: 'Text', ja: 'テキスト' }, json: { en: 'JSON', ja: 'JSON' } },
    },
    acceptErrors: {
      title: { en: 'Go on after errors', ja: 'エラーの応答でも続ける' },
      description: {
        en: 'Puts out also what has a status of 400 or more. Otherwise the run fails there.',
        ja: 'ステータスが 400 以上の応答も渡します。オフのときは、そこで実行が失敗します。',
      },
      advanced: true,
    },
    timeoutSeconds: {
      title: { en: 'Wait at most (s)', ja: '待ち時間の上限（秒）' },
      advanced: true,
    },
  },
  headline: 'url',
  inputs: {},
  outputs: {
    response: port.oneOf(['text', 'json'], { title: { en: 'answer', ja: '応答' } }),
    status: port.number({ title: { en: 'status', ja: 'ステータス' } }),
  },
  portRules: [
    { rule: 'template-variables', setting: 'url', kinds: variableKinds, except: [] },
    { rule: 'template-variables', setting: 'headers', property: 'value', kinds: variableKinds, except: [] },
    { rule: 'template-variables', setting: 'body', kinds: variableKinds, except: [] },
    { rule: 'kind-from-setting', output: 'response', setting: 'answer' },
  ],
  resources: ['network'],
  async run({ settings: given, variables, context }) {
    const url = fillAddress(given.url, variables);
    if (url === null) throw refuseDots(context.node);
    const body = writeBody(given, variables);
    const answer = await context.web.fetch({
      url,
      method: given.method,
      headers: writeHeaders(given, variables, body === null ? {} : { 'content-type': contentTypes[given.format] }, {
        // A node's path may hold letters that a header may not.
        'idempotency-key': encodeURI(context.idempotencyKey),
      }),
      ...(body === null ? {} : { body }),
      timeoutMilliseconds: given.timeoutSeconds * 1_000,
    });
    const { status } = answer;
    if (status >= 400 && !given.acceptErrors) throw failRequest(answer, context.node);
    const text = decodeBody(answer);
    return { response: given.answer === 'text' ? text : parseAnswer(text, context.node), status };
  },
});

const contentTypes = { json: 'application/json', text: 'text/plain; charset=utf-8' } as const;

function writeBody({ method, format, body }: Settings, variables: Variables): string | null {
  if (method === 'GET' || body.trim() === '') return null;
  return format === 'json' ? fillJson(body, variables) : fillText(body, variables);
}

/** `usual` gives way to what the settings say; `fixed` does not. */
function writeHeaders(
  { headers }: Settings,
  variables: Variables,
  usual: Readonly<Record<string, string>>,
  fixed: Readonly<Record<string, string>>,
): Readonly<Record<string, string | SecretHeader>> {
  const own = headers.map(({ name, value, secret }): [string, string | SecretHeader] => {
    const text = fillText(value, variables).trim();
    return [name.toLowerCase(), secret === undefined ? text : { prefix: text, ...secret }];
  });
  return { ...usual, ...Object.fromEntries(own), ...fixed };
}

function decodeBody({ headers, body }: WebAnswer): string {
  const charset = /charset="?([^\s;"]+)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    return new TextDecoder().decode(body);
  }
}

/** Nothing at all is `null`, as answers without content have it. */
function parseAnswer(text: string, node: string): JsonValue {
  if (text.trim() === '') return null;
  try {
    // JSON.parse gives JSON values only.
    return JSON.parse(text) as JsonValue;
  } catch {
    // Without the cause: it quotes the answer, and the log would keep that.
    throw new KumikiError({
      code: 'http-answer-not-json',
      status: 502,
      node,
      message: {
        en: `The server that “${node}” called did not answer in JSON. Read the answer as text, or check the address.`,
        ja: `「${node}」が呼び出したサーバーの応答は JSON ではありません。応答の形式をテキストにするか、アドレスを確認してください。`,
      },
    });
  }
}

/** Variables stand within strings, so that a template is JSON before they are filled in. */
function isJson(template: string): boolean {
  try {
    JSON.parse(template);
    return true;
  } catch {
    return false;
  }
}

function failRequest({ url, status }: WebAnswer, node: string): KumikiError {
  const { hostname } = new URL(url);
  return new KumikiError({
    code: 'http-request-failed',
    status: 502,
    retryable: passingStatuses.has(status),
    node,
    message: {
      en: `“${hostname}” answered ${status} to “${node}”. Check address, headers and body, or let the node go on after errors.`,
      ja: `「${node}」に対する「${hostname}」の応答は ${status} でした。アドレス・ヘッダー・本文を確認するか、「エラーの応答でも続ける」をオンにしてください。`,
    },
  });
}

function refuseDots(node: string): KumikiError {
  return new KumikiError({
    code: 'web-address-invalid',
    status: 422,
    node,
    message: {
      en: `A value that arrived at “${node}” is “.” or “..”, which would lead to another place of its address. Send another value.`,
      ja: `「${node}」に届いた値が「.」または「..」のため、アドレスの別の場所を指してしまいます。別の値を渡してください。`,
    },
  });
}
