import { KumikiError } from '@kumiki/node-sdk';

/** Secrets of this name are keys of hosts, kept by the host directory and used nowhere else. */
export const hostKeyPrefix = 'model-host-';

export function isHostKey(name: string): boolean {
  return name.startsWith(hostKeyPrefix);
}

/** Throws `secret-reserved` where a secret's name is that of a host's key. */
export function refuseHostKey(name: string): void {
  if (!isHostKey(name)) return;
  throw new KumikiError({
    code: 'secret-reserved',
    status: 422,
    message: {
      en: `Secrets named “${hostKeyPrefix}…”, such as “${name}”, are keys of model hosts and stay with them. Save the value under another name to use it in a flow.`,
      ja: `「${name}」のように「${hostKeyPrefix}」で始まるシークレットはモデルホストのキーであり、ほかでは使えません。フローで使うには、別の名前で登録してください。`,
    },
  });
}
