import type { LocalisedText } from '@kumiki/flow';
import { KumikiError } from '@kumiki/node-sdk';

/** What went wrong on the way to a server. Messages name hosts only: paths and queries may hold what is nobody's business. */

export function refuseAddress(): KumikiError {
  return new KumikiError({
    code: 'web-address-invalid',
    status: 422,
    message: {
      en: 'The address cannot be used. Write it as http:// or https:// with a host, and put a user name or password into a header instead.',
      ja: 'このアドレスは使えません。http:// または https:// で始まるホスト付きのアドレスを書き、ユーザー名やパスワードは URL ではなくヘッダーに入れてください。',
    },
  });
}

export function refuseHost(host: string): KumikiError {
  return new KumikiError({
    code: 'egress-refused',
    status: 422,
    message: {
      en: `“${host}” is not on the public internet, and nodes may not reach into the network of this server. Use a public address, or ask the operator to list the host in KUMIKI_EGRESS.`,
      ja: `「${host}」は公開されたインターネット上のアドレスではありません。部品からは、このサーバーの内側のネットワークに接続できません。公開されたアドレスを使うか、管理者に KUMIKI_EGRESS への追加を依頼してください。`,
    },
  });
}

export type RedirectFault = 'too-many' | 'unencrypted' | 'body' | 'address';

export function refuseRedirect(host: string, fault: RedirectFault): KumikiError {
  const reason = redirectFaults[fault];
  return new KumikiError({
    code: 'web-redirect-refused',
    status: 422,
    message: {
      en: `“${host}” sends the request on to another address, but ${reason.en}. Use the address that it leads to.`,
      ja: `「${host}」は別のアドレスへ転送しますが、${reason.ja}。転送先のアドレスを直接使ってください。`,
    },
  });
}

const redirectFaults: Readonly<Record<RedirectFault, LocalisedText>> = {
  'too-many': { en: 'does so more than 5 times', ja: '転送が 5 回を超えました' },
  unencrypted: { en: 'from https to http', ja: 'https から http に変わるため従えません' },
  body: {
    en: 'what is sent may not go to another server',
    ja: '送る内容を別のサーバーへ渡すことはできません',
  },
  address: { en: 'that address cannot be used', ja: 'そのアドレスは使えません' },
};

export function refuseRequest(cause?: unknown): KumikiError {
  return new KumikiError({
    code: 'web-request-invalid',
    status: 422,
    message: {
      en: 'The request cannot be sent: a header has a name or a value that is not allowed, such as one with a line break or with Japanese letters. Correct the headers.',
      ja: 'リクエストを送れません。名前または値に、使えない文字（改行や日本語など）を含むヘッダーがあります。ヘッダーを直してください。',
    },
    cause,
  });
}

export function failUnreachable(host: string, cause: unknown): KumikiError {
  const reason = readErrorCode(cause);
  const detail = reason === null ? { en: '', ja: '' } : { en: ` (${reason})`, ja: `（${reason}）` };
  return new KumikiError({
    code: 'web-unreachable',
    status: 502,
    retryable: true,
    message: {
      en: `“${host}” could not be reached${detail.en}. Check the address and whether that server is running.`,
      ja: `「${host}」に接続できませんでした${detail.ja}。アドレスと、相手のサーバーが動いているかを確認してください。`,
    },
    cause,
  });
}

export function failTimeout(host: string, milliseconds: number): KumikiError {
  const seconds = Math.max(1, Math.round(milliseconds / 1_000));
  return new KumikiError({
    code: 'web-timeout',
    status: 504,
    retryable: true,
    message: {
      en: `“${host}” did not answer within ${seconds} s. Try again later, or allow it more time.`,
      ja: `「${host}」から ${seconds} 秒以内に応答がありませんでした。時間をおいて試すか、待つ時間を延ばしてください。`,
    },
  });
}

export function failTooLarge(host: string, bytes: number): KumikiError {
  const size = formatBytes(bytes);
  return new KumikiError({
    code: 'web-too-large',
    status: 422,
    message: {
      en: `The answer of “${host}” is larger than ${size}. Ask for less, or use an address with a smaller answer.`,
      ja: `「${host}」の応答が ${size} を超えました。取得する範囲を減らすか、応答の小さいアドレスを使ってください。`,
    },
  });
}

export function failDamaged(host: string, cause: unknown): KumikiError {
  return new KumikiError({
    code: 'web-answer-damaged',
    status: 502,
    message: {
      en: `The answer of “${host}” is packed in a way that could not be undone. Ask whoever runs that server.`,
      ja: `「${host}」の応答は圧縮が壊れているか、対応していない方式のため、読み取れませんでした。相手のサーバーの管理者に問い合わせてください。`,
    },
    cause,
  });
}

function formatBytes(bytes: number): string {
  return bytes < 1_048_576 ? `${Math.ceil(bytes / 1024)} KiB` : `${Math.floor(bytes / 1_048_576)} MiB`;
}

/** `ECONNREFUSED` and its like, which say more than a sentence to whoever knows networks. */
function readErrorCode(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(error.code) ? error.code : null;
}
